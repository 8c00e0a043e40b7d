using System.Buffers;
using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>
/// A folder as a store: a name is a path under the root. Put-if-absent is a temporary file under <c>_tattletail/tmp</c>, written and synced, then linked
/// to its name, and the directories synced. Left-over temporary files are removed by <see cref="OpenAsync"/>.
/// </summary>
public sealed class LocalStore : IObjectStore
{
    /// <summary>Opens a folder, creating it when missing, and proves that it can link and sync; otherwise a <see cref="StoreException"/> that says what is missing.</summary>
    public static ValueTask<LocalStore> OpenAsync(IFileSystem files, string root) => throw new NotImplementedException();

    /// <inheritdoc />
    public string Description => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <inheritdoc />
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask DeleteAsync(string name) => throw new NotImplementedException();
}
