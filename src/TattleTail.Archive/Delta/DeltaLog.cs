using System.Buffers;
using System.Globalization;
using TattleTail.Storage;

namespace TattleTail.Archive.Delta;

/// <summary>The versions of the table in the store: <c>_delta_log/&lt;20 digits&gt;.json</c>, each written once.</summary>
internal sealed class DeltaLog(IObjectStore store)
{
    private const string Folder = "_delta_log/";
    private const int MaxCommitBytes = 256 * 1024 * 1024;

    /// <summary>Reads a version; null when it does not exist yet.</summary>
    public async ValueTask<DeltaCommit?> ReadAsync(long version, CancellationToken cancel = default) =>
        await ReadBytesAsync(version, cancel) is { } content ? DeltaCommitReader.Read(content, NameOf(version)) : null;

    /// <summary>The lowest version in the store above one; null when there is none.</summary>
    public async ValueTask<long?> FindAboveAsync(long version)
    {
        await foreach (var found in store.ListAsync(Folder, version < 0 ? null : NameOf(version)))
        {
            var name = found.Name.AsSpan(Folder.Length);
            if (name.Length == 25 && name.EndsWith(".json", StringComparison.Ordinal) && long.TryParse(name[..20], NumberStyles.None, CultureInfo.InvariantCulture, out var above))
            {
                return above;
            }
        }

        return null;
    }

    /// <summary>
    /// Makes sure that a version that was read is on disk: whoever put it may have died before it was, and what is built on it (a trimmed journal) must not outlive it. Putting it
    /// again answers "exists" only when it is durable.
    /// </summary>
    public async ValueTask ConfirmAsync(long version)
    {
        if (await ReadBytesAsync(version, CancellationToken.None) is { } content)
        {
            await TryWriteAsync(version, content);
        }
    }

    /// <summary>Writes a version if it is new; after an exception the outcome is unknown.</summary>
    public ValueTask<bool> TryWriteAsync(long version, byte[] content) => store.PutIfAbsentAsync(NameOf(version), new ReadOnlySequence<byte>(content));

    public static string NameOf(long version) => string.Create(CultureInfo.InvariantCulture, $"{Folder}{version:D20}.json");

    private async ValueTask<byte[]?> ReadBytesAsync(long version, CancellationToken cancel)
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
        return read == size ? content : throw new StoreException(StoreError.Unavailable, $"{name}: {read} of {size} bytes came");
    }
}
