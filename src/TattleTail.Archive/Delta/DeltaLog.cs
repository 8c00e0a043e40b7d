using System.Buffers;
using System.Globalization;
using TattleTail.Storage;

namespace TattleTail.Archive.Delta;

/// <summary>The versions of the table in the store: <c>_delta_log/&lt;20 digits&gt;.json</c>, each written once.</summary>
internal sealed class DeltaLog(IObjectStore store)
{
    private const int MaxCommitBytes = 256 * 1024 * 1024;

    /// <summary>Reads a version; null when it does not exist yet.</summary>
    public async ValueTask<DeltaCommit?> ReadAsync(long version, CancellationToken cancel = default)
    {
        var name = NameOf(version);
        if (await store.GetSizeAsync(name, cancel) is not { } size)
        {
            return null;
        }

        if (size > MaxCommitBytes)
        {
            throw new ArchiveFormatException($"{name} has {size} bytes, more than a version of this table may have ({MaxCommitBytes})");
        }

        var content = new byte[size];
        var read = await store.GetRangeAsync(name, 0, content, cancel);
        return read == size ? DeltaCommitReader.Read(content, name) : throw new StoreException(StoreError.Unavailable, $"{name}: {read} of {size} bytes came");
    }

    /// <summary>Writes a version if it is new; after an exception the outcome is unknown.</summary>
    public ValueTask<bool> TryWriteAsync(long version, byte[] content) => store.PutIfAbsentAsync(NameOf(version), new ReadOnlySequence<byte>(content));

    public static string NameOf(long version) => string.Create(CultureInfo.InvariantCulture, $"_delta_log/{version:D20}.json");
}
