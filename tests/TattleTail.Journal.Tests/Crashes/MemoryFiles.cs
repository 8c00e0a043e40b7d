using TattleTail.Platform;

namespace TattleTail.Journal.Tests.Crashes;

/// <summary>What a power cut leaves of what was not synced.</summary>
internal enum CrashMood
{
    /// <summary>Nothing.</summary>
    LoseAll,

    /// <summary>Everything: the process died and the machine did not.</summary>
    KeepAll,

    /// <summary>Any sectors of any writes, and any names.</summary>
    AnyOrder,
}

/// <summary>
/// Files in memory with a page cache: what was not synced may vanish in a crash, sector by sector, and names that were not synced too. Any call can fail or be the last one before the power goes. Safe for
/// concurrent use.
/// </summary>
internal sealed class MemoryFiles(int seed = 1) : IFileSystem
{
    internal const int Sector = 512;

    private readonly Random _random = new(seed);
    private SortedDictionary<string, MemoryContent> _names = new(StringComparer.Ordinal);
    private SortedDictionary<string, MemoryContent> _durableNames = new(StringComparer.Ordinal);

    internal Lock Gate { get; } = new();

    /// <summary>Calls so far that can fail.</summary>
    public int Calls { get; private set; }

    /// <summary>The call that fails; 0 for none.</summary>
    public int FailAt { get; set; }

    public FileSystemError FailWith { get; set; } = FileSystemError.Failed;

    /// <summary>The call in which the power goes; 0 for never.</summary>
    public int CrashAt { get; set; }

    public bool IsDown { get; private set; }

    public int OpenHandles { get; internal set; }

    /// <summary>The files' bytes as readers see them now.</summary>
    public IReadOnlyList<string> Names => [.. _names.Keys.Select(Path.GetFileName)!];

    public byte[] this[string name]
    {
        get => [.. _names["/j/" + name].Cached];
        set => _names["/j/" + name].Replace(value);
    }

    public void Put(string name, byte[] bytes)
    {
        var content = new MemoryContent();
        content.Replace(bytes);
        _names["/j/" + name] = _durableNames["/j/" + name] = content;
    }

    /// <summary>The power goes and comes back.</summary>
    public void PowerCut(CrashMood mood)
    {
        if (mood != CrashMood.KeepAll)
        {
            foreach (var name in _names.Keys.Union(_durableNames.Keys).ToList())
            {
                if (mood == CrashMood.AnyOrder && _random.Next(2) == 0)
                {
                    Settle(name);
                }
            }

            _names = new(_durableNames, StringComparer.Ordinal);
            foreach (var content in _names.Values.Distinct())
            {
                content.PowerCut(_random, mood);
            }
        }

        _durableNames = new(_names, StringComparer.Ordinal);
        OpenHandles = 0;
        IsDown = false;
        CrashAt = FailAt = Calls = 0;
    }

    public bool FileExists(string path) => _names.ContainsKey(path);

    public bool DirectoryExists(string path) => true;

    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (Gate)
        {
            Count("list", directory);
            return Names;
        }
    }

    public IReadOnlyList<string> ListDirectories(string directory) => [];

    public void CreateDirectory(string path) => Locked("mkdir", path, () => true);

    public IFile CreateFile(string path) => Locked("create", path, () =>
    {
        if (!_names.TryAdd(path, new MemoryContent()))
        {
            throw new FileSystemException(FileSystemError.Exists, "create", path, "EEXIST");
        }

        return new MemoryFile(this, path, _names[path]);
    });

    public IFile OpenFile(string path, FileAccess access) => Locked("open", path, () =>
        new MemoryFile(this, path, _names.GetValueOrDefault(path) ?? throw new FileSystemException(FileSystemError.NotFound, "open", path, "ENOENT")));

    public void Link(string existing, string created) => throw new NotSupportedException();

    public void Rename(string from, string to) => Locked("rename", from, () =>
    {
        _names[to] = _names[from];
        return _names.Remove(from);
    });

    public void DeleteFile(string path) => Locked("delete", path, () => _names.Remove(path));

    public ValueTask SyncDirectoryAsync(string directory)
    {
        Locked("syncdir", directory, () =>
        {
            if (directory == "/j")
            {
                _durableNames = new(_names, StringComparer.Ordinal);
            }

            return true;
        });
        return ValueTask.CompletedTask;
    }

    public long AvailableBytes(string path) => long.MaxValue;

    /// <summary>Counts a call; throws when it is the one that fails, or the last one. Under the gate.</summary>
    internal void Count(string operation, string path)
    {
        if (IsDown || ++Calls == CrashAt)
        {
            IsDown = true;
            throw new FileSystemException(FileSystemError.Failed, operation, path, "the power is gone");
        }

        if (Calls == FailAt)
        {
            throw new FileSystemException(FailWith, operation, path, "injected");
        }
    }

    private T Locked<T>(string operation, string path, Func<T> action)
    {
        lock (Gate)
        {
            Count(operation, path);
            return action();
        }
    }

    private void Settle(string name)
    {
        if (_names.TryGetValue(name, out var content))
        {
            _durableNames[name] = content;
        }
        else
        {
            _durableNames.Remove(name);
        }
    }
}
