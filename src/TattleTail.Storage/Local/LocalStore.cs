using System.Buffers;
using System.Runtime.CompilerServices;
using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>
/// A folder as a store: a name is a path under the root. Put-if-absent is a temporary file under <c>_tattletail/tmp</c>, written and synced, then linked
/// to its name, and the directories synced. Left-over temporary files are removed by <see cref="OpenAsync"/>.
/// </summary>
public sealed class LocalStore : IObjectStore
{
    private const string TemporaryFolder = "_tattletail/tmp";

    private readonly IFileSystem _files;
    private readonly string _root;
    private readonly Lock _lock = new();
    private readonly HashSet<string> _durableFolders = [];
    private long _temporaries;

    private LocalStore(IFileSystem files, string root)
    {
        _files = files;
        _root = root;
    }

    /// <inheritdoc />
    public string Description => _root;

    /// <summary>Opens a folder, creating it when missing, and proves that it can link and sync; otherwise a <see cref="StoreException"/> that says what is missing.</summary>
    public static async ValueTask<LocalStore> OpenAsync(IFileSystem files, string root)
    {
        var store = new LocalStore(files, root);
        await DoAsync("open", root, async () =>
        {
            await store.EnsureFolderAsync(store.PathOf(TemporaryFolder));
            foreach (var name in files.ListFiles(store.PathOf(TemporaryFolder)))
            {
                files.DeleteFile(Path.Combine(store.PathOf(TemporaryFolder), name));
            }

            await store.ProbeAsync();
            return true;
        });
        return store;
    }

    /// <inheritdoc />
    public ValueTask<bool> PutIfAbsentAsync(string name, ReadOnlySequence<byte> content) => DoAsync("put", name, async () =>
    {
        var path = PathOf(name);
        if (_files.FileExists(path))
        {
            // The other's link may not be durable yet, and true of this name is only what is.
            await _files.SyncDirectoryAsync(Path.GetDirectoryName(path)!);
            return false;
        }

        await EnsureFolderAsync(Path.GetDirectoryName(path)!);
        var temporary = await WriteTemporaryAsync(content);
        try
        {
            _files.Link(temporary, path);
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.Exists)
        {
            await _files.SyncDirectoryAsync(Path.GetDirectoryName(path)!);
            return false;
        }
        finally
        {
            _files.DeleteFile(temporary);
        }

        await _files.SyncDirectoryAsync(Path.GetDirectoryName(path)!);
        return true;
    });

    /// <inheritdoc />
    public async ValueTask PutHintAsync(string name, ReadOnlyMemory<byte> content) => await DoAsync("put", name, async () =>
    {
        var path = PathOf(name);
        await EnsureFolderAsync(Path.GetDirectoryName(path)!);
        _files.Rename(await WriteTemporaryAsync(new ReadOnlySequence<byte>(content)), path);
        return true;
    });

    /// <inheritdoc />
    public ValueTask<int> GetRangeAsync(string name, long position, Memory<byte> buffer, CancellationToken cancel = default) => DoAsync("get", name, () =>
    {
        using var file = _files.OpenFile(PathOf(name), FileAccess.Read);
        return ValueTask.FromResult(file.Read(position, buffer.Span));
    });

    /// <inheritdoc />
    public ValueTask<long?> GetSizeAsync(string name, CancellationToken cancel = default) => DoAsync("size", name, () =>
    {
        if (!_files.FileExists(PathOf(name)))
        {
            return ValueTask.FromResult<long?>(null);
        }

        using var file = _files.OpenFile(PathOf(name), FileAccess.Read);
        return ValueTask.FromResult<long?>(file.Length);
    });

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, string? after = null, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var names = await DoAsync("list", prefix, () =>
        {
            var found = new List<string>();
            Collect("", prefix, found);
            found.Sort(StringComparer.Ordinal);
            return ValueTask.FromResult(found);
        });
        foreach (var name in names)
        {
            cancel.ThrowIfCancellationRequested();
            if ((after is null || string.CompareOrdinal(name, after) > 0) && await GetSizeAsync(name, cancel) is { } size)
            {
                yield return new StoredObject(name, size);
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask DeleteAsync(string name) => await DoAsync("delete", name, () =>
    {
        _files.DeleteFile(PathOf(name));
        return ValueTask.FromResult(true);
    });

    private void Collect(string folder, string prefix, List<string> found)
    {
        foreach (var name in _files.ListFiles(Path.Combine(_root, folder)))
        {
            if ((folder + name).StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(folder + name);
            }
        }

        foreach (var name in _files.ListDirectories(Path.Combine(_root, folder)))
        {
            var inner = $"{folder}{name}/";
            if (inner != TemporaryFolder + "/" && (inner.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(inner, StringComparison.Ordinal)))
            {
                Collect(inner, prefix, found);
            }
        }
    }

    private async ValueTask<string> WriteTemporaryAsync(ReadOnlySequence<byte> content)
    {
        var path = Path.Combine(PathOf(TemporaryFolder), $"{Interlocked.Increment(ref _temporaries):D8}");
        _files.DeleteFile(path);
        using var file = _files.CreateFile(path);
        try
        {
            long position = 0;
            foreach (var part in content)
            {
                file.Write(position, part.Span);
                position += part.Length;
            }

            await file.SyncAsync();
            return path;
        }
        catch (FileSystemException)
        {
            _files.DeleteFile(path);
            throw;
        }
    }

    /// <summary>Creates a folder and makes its name, and those of the folders above it, durable. Done once for each in the life of the store.</summary>
    private async ValueTask EnsureFolderAsync(string folder)
    {
        lock (_lock)
        {
            if (_durableFolders.Contains(folder))
            {
                return;
            }
        }

        _files.CreateDirectory(folder);
        for (var inner = folder; ;)
        {
            var parent = Path.GetDirectoryName(inner);
            if (string.IsNullOrEmpty(parent))
            {
                break;
            }

            await _files.SyncDirectoryAsync(parent);
            if (inner == _root)
            {
                break;
            }

            inner = parent;
        }

        lock (_lock)
        {
            _durableFolders.Add(folder);
        }
    }

    private async ValueTask ProbeAsync()
    {
        var probe = await WriteTemporaryAsync(new ReadOnlySequence<byte>("probe"u8.ToArray()));
        var linked = probe + ".link";
        try
        {
            _files.DeleteFile(linked);
            _files.Link(probe, linked);
            _files.Link(probe, linked);
            throw new StoreException(StoreError.Unsupported, $"{_root}: this file system gives one name to two files, so the archive cannot commit safely on it: choose a local disk");
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.Exists)
        {
            // As it must be: a name is given once.
        }
        finally
        {
            _files.DeleteFile(linked);
            _files.DeleteFile(probe);
        }

        await _files.SyncDirectoryAsync(PathOf(TemporaryFolder));
    }

    private string PathOf(string name) => Path.Combine(_root, ObjectName.Checked(name));

    private static async ValueTask<T> DoAsync<T>(string operation, string name, Func<ValueTask<T>> action)
    {
        try
        {
            return await action();
        }
        catch (FileSystemException e)
        {
            var error = e.Error switch
            {
                FileSystemError.NotFound => StoreError.NotFound,
                FileSystemError.NoSpace => StoreError.NoSpace,
                FileSystemError.Denied => StoreError.Denied,
                FileSystemError.Unsupported => StoreError.Unsupported,
                _ => StoreError.Unavailable,
            };
            var advice = error == StoreError.Unsupported ? ": this file system cannot link or sync, which the archive needs: choose a local disk" : "";
            throw new StoreException(error, $"{operation} {name}: {e.Message}{advice}", e);
        }
    }
}
