namespace TattleTail.Spew.Tests.Schemas;

/// <summary>Makes random values of a schema's version: structures as dictionaries, arrays as lists, records as byte arrays.</summary>
internal sealed class RandomMessage(Random random, int version, bool nullRecords)
{
    public Dictionary<string, object?> Structure(IReadOnlyList<SchemaField> fields)
    {
        var values = new Dictionary<string, object?>();
        foreach (SchemaField field in fields)
        {
            if (field.Versions.Contains(version))
            {
                values[field.Name] = Value(field);
            }
        }

        return values;
    }

    private object? Value(SchemaField field)
    {
        bool mayBeNull = field.Nullable.Contains(version) && (field.Type != "records" || nullRecords);
        if (mayBeNull && random.Next(4) == 0)
        {
            return null;
        }

        if (!field.IsArray)
        {
            return Single(field.Type, field);
        }

        var items = new List<object?>();
        for (int left = random.Next(4); left > 0; left--)
        {
            items.Add(Single(field.ElementType, field));
        }

        return items;
    }

    private object Single(string type, SchemaField field) => type switch
    {
        "bool" => random.Next(2) == 1,
        "int8" => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        "int16" => (short)random.Next(short.MinValue, short.MaxValue + 1),
        "int32" => random.Next(int.MinValue, int.MaxValue),
        "int64" => random.NextInt64(long.MinValue, long.MaxValue),
        "uuid" => new Guid(Bytes(16)),
        "string" => Text(),
        "bytes" or "records" => Bytes(random.Next(5) == 0 ? random.Next(20_000) : random.Next(200)),
        _ => Structure(field.Fields),
    };

    private string Text()
    {
        const string letters = "abcXYZ019._-äß€漢";
        int length = random.Next(10) == 0 ? random.Next(400) : random.Next(12);
        return string.Create(length, random, static (span, source) =>
        {
            foreach (ref char letter in span)
            {
                letter = letters[source.Next(letters.Length)];
            }
        });
    }

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
