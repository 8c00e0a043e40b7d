using System.Buffers;
using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>
/// A folder as a store: a name is a path under the root. Put-if-absent is a temporary file under <c>_tattletail/tmp</c>, written and synced, then linked
/// to its name, and the directories synced. Left-over temporary files are removed by <see cref="OpenAsync"/>.
/// </summary>
public sealed class LocalStore : IObjectStore
{
    private readonly IFileSystem _files;
    private readonly string _root;
    private readonly DurableDirectories _directories;
    private readonly TemporaryFiles _temporary;

    private LocalStore(IFileSystem files, string root)
    {
        _files = files;
        _root = root;
        _directories = new DurableDirectories(files, root);
        _temporary = new TemporaryFiles(files, _directories);
    }

    /// <summary>Opens a folder, creating it when missing, and proves that it can link and sync; otherwise a <see cref="StoreException"/> that says what is missing.</summary>
    public static async ValueTask<LocalStore> OpenAsync(IFileSystem files, string root)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentException.ThrowIfNullOrEmpty(root);
        root = root.Length > 1 ? root.TrimEnd('/', Path.DirectorySeparatorChar) : root;
        var store = new LocalStore(files, root);
        try
        {
            await LocalStoreProbe.EnsureRootAsync(files, root);
            await store._directories.EnsureAsync(TemporaryFiles.Folder);
            store._temporary.RemoveLeftOvers();
            await LocalStoreProbe.ProveAsync(files, store._temporary, root);
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfWrite(e, root);
        }

        return store;
    }

    /// <inheritdoc />
    public string Description => $"folder {_root}";

    /// <inheritdoc />
    public async ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content)
    {
        ObjectName.Require(name);
        var path = _directories.PathOf(name);
        var directory = DurableDirectories.ParentOf(name);
        try
        {
            await _directories.EnsureAsync(directory);
            var isNew = !_files.FileExists(path) && await LinkAsync(name, path, content);

            // Also when it exists: whoever linked it may have died, or failed, before this sync.
            await _files.SyncDirectoryAsync(_directories.PathOf(directory));
            return isNew;
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfWrite(e, name);
        }
    }

    /// <inheritdoc />
    public async ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content)
    {
        ObjectName.Require(name);
        var directory = DurableDirectories.ParentOf(name);
        try
        {
            await _directories.EnsureAsync(directory);
            var temporary = await _temporary.WriteAsync(name, new ReadOnlySequence<byte>(content));
            try
            {
                _files.Rename(temporary, _directories.PathOf(name));
            }
            catch (FileSystemException)
            {
                _temporary.Discard(temporary);
                throw;
            }

            await _files.SyncDirectoryAsync(_directories.PathOf(directory));
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfWrite(e, name);
        }
    }

    /// <inheritdoc />
    public ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default)
    {
        ObjectName.Require(name);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        cancel.ThrowIfCancellationRequested();
        try
        {
            using var file = _files.OpenFile(_directories.PathOf(name), FileAccess.Read);
            return ValueTask.FromResult(file.Read(position, buffer.Span));
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfRead(e, name);
        }
    }

    /// <inheritdoc />
    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default)
    {
        ObjectName.Require(name);
        cancel.ThrowIfCancellationRequested();
        return ValueTask.FromResult(SizeOf(name));
    }

    /// <inheritdoc />
    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return List("", prefix, after).ToAsyncEnumerable();
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string name)
    {
        ObjectName.Require(name);
        try
        {
            _files.DeleteFile(_directories.PathOf(name));
            var directory = _directories.PathOf(DurableDirectories.ParentOf(name));
            if (_files.DirectoryExists(directory))
            {
                await _files.SyncDirectoryAsync(directory);
            }
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfWrite(e, name);
        }
    }

    /// <summary>False when somebody else linked the name first.</summary>
    private async ValueTask<bool> LinkAsync(string name, string path, ReadOnlySequence<byte> content)
    {
        var temporary = await _temporary.WriteAsync(name, content);
        try
        {
            _files.Link(temporary, path);
            return true;
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.Exists)
        {
            return false;
        }
        finally
        {
            _temporary.Discard(temporary);
        }
    }

    private long? SizeOf(string name)
    {
        try
        {
            if (!_files.FileExists(_directories.PathOf(name)))
            {
                return null;
            }

            using var file = _files.OpenFile(_directories.PathOf(name), FileAccess.Read);
            return file.Length;
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.NotFound)
        {
            return null;
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfRead(e, name);
        }
    }

    /// <summary>Names in ordinal order of the whole name: a directory stands where its name with the slash does. <paramref name="directory"/> is empty or ends with a slash.</summary>
    private IEnumerable<StoredObject> List(string directory, string prefix, string? after)
    {
        foreach (var name in Entries(directory))
        {
            if (!name.EndsWith('/'))
            {
                if (name.StartsWith(prefix, StringComparison.Ordinal) && (after is null || string.CompareOrdinal(name, after) > 0) && ObjectName.IsValid(name) && SizeOf(name) is { } size)
                {
                    yield return new StoredObject(name, size);
                }

                continue;
            }

            var hasPrefix = name.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(name, StringComparison.Ordinal);
            var isAfter = after is null || string.CompareOrdinal(name, after) > 0 || after.StartsWith(name, StringComparison.Ordinal);
            if (hasPrefix && isAfter && name != TemporaryFiles.Folder + "/")
            {
                foreach (var found in List(name, prefix, after))
                {
                    yield return found;
                }
            }
        }
    }

    private string[] Entries(string directory)
    {
        try
        {
            var path = _directories.PathOf(directory.TrimEnd('/'));
            return _files.ListFiles(path).Select(f => directory + f)
                .Concat(_files.ListDirectories(path).Select(d => $"{directory}{d}/"))
                .Order(StringComparer.Ordinal)
                .ToArray();
        }
        catch (FileSystemException e)
        {
            throw StoreFaults.OfRead(e, directory);
        }
    }
}
