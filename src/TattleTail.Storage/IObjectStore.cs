using System.Buffers;

namespace TattleTail.Storage;

/// <summary>
/// Where the archive lives: a flat space of names that contain <c>/</c>. Methods may be called concurrently. Names use only
/// <c>[A-Za-z0-9._=/-]</c>. Every failure is a <see cref="StoreException"/>. Writes are never cancelled half way.
/// </summary>
public interface IObjectStore
{
    /// <summary>What it is and where, for people and logs, without secrets.</summary>
    string Description { get; }

    /// <summary>
    /// Stores an object under a name that must be new. When it returns true the object is durable, whole, and the only one of that name;
    /// false: the name exists (perhaps from an earlier try of the caller's own) and is durable. After an exception the outcome is unknown.
    /// </summary>
    ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content);

    /// <summary>Stores or replaces a hint (<c>_last_checkpoint</c>, state). It may be lost or stale and is never trusted.</summary>
    ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content);

    /// <summary>Fills <paramref name="buffer"/> from a position; returns fewer bytes only at the object's end. Not found is a <see cref="StoreException"/>.</summary>
    ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default);

    /// <summary>An object's size in bytes, or null when there is none.</summary>
    ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default);

    /// <summary>Names under a prefix that come after <paramref name="after"/> in ordinal order, with their sizes.</summary>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default);

    /// <summary>Removes an object; no error when there is none.</summary>
    ValueTask DeleteAsync(string name);
}

/// <summary>A name in the store.</summary>
public readonly record struct StoredObject(string Name, long Size);
