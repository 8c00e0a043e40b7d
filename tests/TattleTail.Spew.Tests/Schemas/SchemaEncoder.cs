using System.Buffers.Binary;
using System.Text;

namespace TattleTail.Spew.Tests.Schemas;

/// <summary>
/// Writes values by a schema, sharing no code with the product. With <paramref name="tagSource"/> it also writes the known tagged fields and makes up unknown ones, which a
/// reader must step over.
/// </summary>
internal sealed class SchemaEncoder(MessageSchema schema, int version, Random? tagSource)
{
    private readonly List<byte> _out = [];

    public byte[] Encode(Dictionary<string, object?> message)
    {
        Structure(schema.Fields, message, schema.Flexible.Contains(version));
        return [.. _out];
    }

    private void Structure(IReadOnlyList<SchemaField> fields, Dictionary<string, object?> values, bool flexible)
    {
        foreach (SchemaField field in fields)
        {
            if (field.Versions.Contains(version) && !field.Tagged.Contains(version))
            {
                Field(field, values[field.Name], field.Flexible is { } own ? own.Contains(version) : flexible);
            }
        }

        if (flexible)
        {
            Tags(fields, values);
        }
    }

    private void Tags(IReadOnlyList<SchemaField> fields, Dictionary<string, object?> values)
    {
        var tags = new SortedDictionary<int, byte[]>();
        if (tagSource is not null)
        {
            foreach (SchemaField field in fields.Where(f => f.Versions.Contains(version) && f.Tagged.Contains(version)))
            {
                var inner = new SchemaEncoder(schema, version, tagSource);
                inner.Field(field, values[field.Name], flexible: true);
                tags[field.Tag] = [.. inner._out];
            }

            for (int unknown = tagSource.Next(3); unknown > 0; unknown--)
            {
                byte[] bytes = new byte[tagSource.Next(300)];
                tagSource.NextBytes(bytes);
                tags[100 + tagSource.Next(1_000_000)] = bytes;
            }
        }

        Varint((uint)tags.Count);
        foreach ((int tag, byte[] bytes) in tags)
        {
            Varint((uint)tag);
            Varint((uint)bytes.Length);
            _out.AddRange(bytes ?? []);
        }
    }

    private void Field(SchemaField field, object? value, bool flexible)
    {
        if (!field.IsArray)
        {
            Single(field.Type, field, value, flexible);
            return;
        }

        var items = (List<object?>?)value;
        Length(items?.Count ?? -1, flexible, wide: true);
        foreach (object? item in items ?? [])
        {
            Single(field.ElementType, field, item, flexible);
        }
    }

    private void Single(string type, SchemaField field, object? value, bool flexible)
    {
        switch (type)
        {
            case "bool": _out.Add((bool)value! ? (byte)1 : (byte)0); break;
            case "int8": _out.Add((byte)(sbyte)value!); break;
            case "int16": BigEndian(2, (short)value!); break;
            case "int32": BigEndian(4, (int)value!); break;
            case "int64": BigEndian(8, (long)value!); break;
            case "uuid": _out.AddRange(((Guid)value!).ToByteArray(bigEndian: true)); break;
            case "string": Bytes(value is string text ? Encoding.UTF8.GetBytes(text) : null, flexible, wide: false); break;
            case "bytes" or "records": Bytes((byte[]?)value, flexible, wide: true); break;
            default: Structure(field.Fields, (Dictionary<string, object?>)value!, flexible); break;
        }
    }

    private void Bytes(byte[]? bytes, bool flexible, bool wide)
    {
        Length(bytes?.Length ?? -1, flexible, wide);
        _out.AddRange(bytes ?? []);
    }

    private void Length(int length, bool flexible, bool wide)
    {
        if (flexible)
        {
            Varint((uint)(length + 1));
        }
        else
        {
            BigEndian(wide ? 4 : 2, length);
        }
    }

    private void Varint(uint value)
    {
        for (; value > 127; value >>= 7)
        {
            _out.Add((byte)((value & 127) + 128));
        }

        _out.Add((byte)value);
    }

    private void BigEndian(int size, long value)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, value);
        _out.AddRange(all[(8 - size)..]);
    }
}
