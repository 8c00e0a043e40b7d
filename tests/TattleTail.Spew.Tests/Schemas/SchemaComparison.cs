using System.Collections;
using System.Globalization;
using System.Reflection;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Tests.Schemas;

/// <summary>Compares what the product read with what the schema says was written, field by field, by the field's name.</summary>
internal static class SchemaComparison
{
    public static void AssertSame(string path, IReadOnlyList<SchemaField> fields, int version, Dictionary<string, object?> expected, object actual)
    {
        foreach (SchemaField field in fields)
        {
            if (!field.Versions.Contains(version) || field.Tagged.Contains(version))
            {
                continue;
            }

            FieldInfo? own = Own(actual, field);
            Assert.True(own is not null, $"{path} has no field {field.Name}");
            AssertValue($"{path}.{field.Name}", field, version, expected[field.Name], own.GetValue(actual));
        }
    }

    /// <summary>Numbers and flags that the version lacks have the default that the schema names.</summary>
    public static void AssertDefaults(string path, IReadOnlyList<SchemaField> fields, int version, object actual)
    {
        foreach (SchemaField field in fields)
        {
            if (Own(actual, field) is not { } own || own.GetValue(actual) is not { } value)
            {
                continue;
            }

            if (field.Versions.Contains(version))
            {
                foreach (object item in field.IsArray && field.Fields.Count > 0 ? (IEnumerable)value : Array.Empty<object>())
                {
                    AssertDefaults($"{path}.{field.Name}", field.Fields, version, item);
                }
            }
            else if (field.Default is { } expected && own.FieldType.IsPrimitive)
            {
                string text = Convert.ToString(value, CultureInfo.InvariantCulture)!;
                Assert.True(string.Equals(expected, text, StringComparison.OrdinalIgnoreCase), $"{path}.{field.Name} is {text} in version {version}, its default is {expected}");
            }
        }
    }

    private static FieldInfo? Own(object actual, SchemaField field) =>
        actual.GetType().GetField(field.Name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);

    private static void AssertValue(string path, SchemaField field, int version, object? expected, object? actual)
    {
        switch (expected)
        {
            case null:
                Assert.True(actual is null, $"{path} is not null");
                break;
            case byte[] bytes:
                Assert.True(bytes.AsSpan().SequenceEqual(Records(actual)), $"{path} differs");
                break;
            case Dictionary<string, object?> structure:
                AssertSame(path, field.Fields, version, structure, actual!);
                break;
            case List<object?> items:
                object[] own = [.. ((IEnumerable)actual!).Cast<object>()];
                Assert.True(items.Count == own.Length, $"{path} has {own.Length} of {items.Count} elements");
                for (int i = 0; i < own.Length; i++)
                {
                    AssertValue($"{path}[{i}]", field, version, items[i], own[i]);
                }

                break;
            default:
                Assert.True(expected.Equals(actual), $"{path} is {actual}, expected {expected}");
                break;
        }
    }

    private static ReadOnlySpan<byte> Records(object? value) => value switch
    {
        Memory<byte> memory => memory.Span,
        ReadOnlyMemory<byte> memory => memory.Span,
        BatchRun { Count: 0 } => [],
        BatchRun run => run.Batches[0].Batch.Span,
        _ => throw new InvalidOperationException($"{value} are no records"),
    };
}
