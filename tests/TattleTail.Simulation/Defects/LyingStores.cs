using System.Buffers;
using System.Globalization;
using System.Text;
using TattleTail.Storage;

namespace TattleTail.Simulation.Defects;

/// <summary>A store that passes everything on; the planted defects lie in what they override.</summary>
internal abstract class LyingStore(IObjectStore inner) : IObjectStore
{
    public string Description => inner.Description;

    protected IObjectStore Inner => inner;

    public virtual ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content) => inner.PutIfAbsentAsync(name, content);

    public ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content) => inner.PutHintAsync(name, content);

    public virtual ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default) =>
        inner.GetRangeAsync(name, position, buffer, cancel);

    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default) => inner.GetSizeAsync(name, cancel);

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default) => inner.ListAsync(prefix, after, cancel);

    public ValueTask DeleteAsync(string name) => inner.DeleteAsync(name);
}

/// <summary>Answers reads of data files from what it was given: nothing is read back from the store before the journal is trimmed.</summary>
internal sealed class NeverReadsBack(IObjectStore inner, Dictionary<string, byte[]> given) : LyingStore(inner)
{
    public override ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        if (name.EndsWith(".parquet", StringComparison.Ordinal))
        {
            given[name] = content.ToArray();
        }

        return Inner.PutIfAbsentAsync(name, content);
    }

    public override ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        if (!given.TryGetValue(name, out var bytes))
        {
            return Inner.GetRangeAsync(name, position, buffer, cancel);
        }

        var count = (int)Math.Clamp(bytes.Length - position, 0, buffer.Length);
        bytes.AsSpan((int)position, count).CopyTo(buffer.Span);
        return ValueTask.FromResult(count);
    }
}

/// <summary>
/// Commits once more, under the next number and with copies of the files, what it committed a moment ago: as a writer does that tries again after an unknown outcome without reading whose
/// commit the first number holds.
/// </summary>
internal sealed class CommitsTwice(IObjectStore inner) : LyingStore(inner)
{
    private bool _done;

    public override async ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        var won = await Inner.PutIfAbsentAsync(name, content);
        var text = name.StartsWith("_delta_log/", StringComparison.Ordinal) ? Encoding.UTF8.GetString(content.ToArray()) : "";
        if (!won || _done || !text.Contains("\"add\"", StringComparison.Ordinal))
        {
            return won;
        }

        _done = true;
        foreach (var line in text.Split('\n').Where(line => line.StartsWith("{\"add\"", StringComparison.Ordinal)))
        {
            using var json = System.Text.Json.JsonDocument.Parse(line);
            var path = json.RootElement.GetProperty("add").GetProperty("path").GetString()!;
            var bytes = new byte[json.RootElement.GetProperty("add").GetProperty("size").GetInt64()];
            await Inner.GetRangeAsync(path, 0, bytes);
            await Inner.PutIfAbsentAsync(Again(path), new ReadOnlySequence<byte>(bytes));
            text = text.Replace(path, Again(path), StringComparison.Ordinal);
        }

        var next = long.Parse(name.AsSpan(11, 20), CultureInfo.InvariantCulture) + 1;
        await Inner.PutIfAbsentAsync(string.Create(CultureInfo.InvariantCulture, $"_delta_log/{next:D20}.json"), new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text)));
        return won;
    }

    private static string Again(string path) => path.Replace(".parquet", "-again.parquet", StringComparison.Ordinal);
}
