using TattleTail.Platform;
using TattleTail.Simulation.Scheduling;

namespace TattleTail.Simulation.Disk;

/// <summary>
/// The files of a simulated machine: what the kernel shows now, and what the disk would still have after a power cut. Not modelled: permissions, symbolic links, locks,
/// the memory of the machine running out.
/// </summary>
internal sealed class SimulatedFiles : IFileSystem
{
    private readonly SeededScheduler _scheduler;
    private readonly Random _random;
    private readonly List<NameChange> _pending = [];
    private SortedDictionary<string, CachedFile?> _names = new(StringComparer.Ordinal) { ["/"] = null };
    private SortedDictionary<string, CachedFile?> _durable = new(StringComparer.Ordinal) { ["/"] = null };
    private readonly HashSet<CachedFile> _open = [];
    private long _stamp;
    private long _files;

    public SimulatedFiles(SeededScheduler scheduler, int seed)
    {
        _scheduler = scheduler;
        _random = new Random(seed);
        Faults = new IoFaults(new Random(seed + 1));
    }

    public IoFaults Faults { get; }

    /// <summary>Room of the disk in bytes.</summary>
    public long Capacity { get; set; } = long.MaxValue;

    /// <summary>Rises with each crash; handles of an earlier one are dead.</summary>
    public int Generation { get; private set; }

    /// <summary>The machine stopped in the middle of a call.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Handles that are open.</summary>
    public int OpenHandles => _open.Sum(file => file.Handles);

    /// <summary>Names of files that are open; one that was deleted has only a number.</summary>
    public IEnumerable<string> OpenNames => _open.Select(file => _names.FirstOrDefault(name => ReferenceEquals(name.Value, file)).Key ?? $"deleted file {file.Id}");

    /// <summary>Told of each sync that failed, with the path.</summary>
    public Action<string>? SyncFailed { get; set; }

    /// <summary>Told before a file's name goes or its bytes are given to another, with its path and bytes.</summary>
    public Action<string, ReadOnlyMemory<byte>>? Leaving { get; set; }

    public bool FileExists(string path)
    {
        Begin("exists", path);
        return _names.GetValueOrDefault(Full(path)) is not null;
    }

    public bool DirectoryExists(string path)
    {
        Begin("exists", path);
        return IsDirectory(Full(path));
    }

    public IReadOnlyList<string> ListFiles(string directory) => List(directory, files: true);

    public IReadOnlyList<string> ListDirectories(string directory) => List(directory, files: false);

    public void CreateDirectory(string path)
    {
        Begin("mkdir", path);
        var full = Full(path);
        var missing = new Stack<string>();
        for (var at = full; !_names.ContainsKey(at); at = NameChange.ParentOf(at)!)
        {
            missing.Push(at);
        }

        foreach (var name in missing)
        {
            Change(null, name, null);
        }

        if (!IsDirectory(full))
        {
            throw Error(FileSystemError.Exists, "mkdir", path, "a file is there (EEXIST)");
        }
    }

    public IFile CreateFile(string path)
    {
        Begin("create", path);
        var full = Full(path);
        RequireParent("create", full);
        RequireAbsent("create", full);
        var file = new CachedFile(++_files);
        Change(null, full, file);
        return Open(full, file, writable: true);
    }

    public IFile OpenFile(string path, FileAccess access)
    {
        Begin("open", path);
        return Open(Full(path), Find("open", path), (access & FileAccess.Write) != 0);
    }

    public void Link(string existing, string created)
    {
        Begin("link", created);
        var file = Find("link", existing);
        RequireParent("link", Full(created));
        RequireAbsent("link", Full(created));
        Change(null, Full(created), file);
    }

    public void Rename(string from, string to)
    {
        Begin("rename", to);
        var file = Find("rename", from);
        RequireParent("rename", Full(to));
        Leaving?.Invoke(Full(from), file.Content.ToArray());
        if (Full(from) != Full(to))
        {
            Change(Full(from), Full(to), file);
        }
    }

    public void DeleteFile(string path)
    {
        Begin("delete", path);
        if (_names.GetValueOrDefault(Full(path)) is { } file)
        {
            Leaving?.Invoke(Full(path), file.Content.ToArray());
            Change(Full(path), null, file);
        }
    }

    public ValueTask SyncDirectoryAsync(string directory)
    {
        var error = Begin("syncdir", directory, fails: false);
        var full = Full(directory);
        if (!IsDirectory(full))
        {
            throw Error(FileSystemError.NotFound, "fsync", directory, "no such directory (ENOENT)");
        }

        var until = _stamp;
        return Later("syncdir", full, error, () =>
        {
            foreach (var change in _pending.Where(change => change.Stamp <= until && change.Touches(full)))
            {
                change.Apply(_durable);
            }

            _pending.RemoveAll(change => change.Stamp <= until && change.Touches(full));
        });
    }

    public long AvailableBytes(string path)
    {
        Begin("statfs", path);
        return Math.Max(0, Capacity - Used());
    }

    /// <summary>The power goes: of what was not synced the disk has what the mood lets through. All handles are dead.</summary>
    public void PowerCut(CrashMood mood)
    {
        var kept = mood.NamesInOrder ? _pending.Take(_random.Next(_pending.Count + 1) * (mood.KeepPercent > 0 ? 1 : 0)) : _pending.Where(_ => mood.Keeps(_random));
        foreach (var change in mood == CrashMood.KeepAll ? _pending : kept.ToList())
        {
            change.Apply(_durable);
        }

        _pending.Clear();
        foreach (var path in _durable.Keys.Where(path => path != "/" && !_durable.ContainsKey(NameChange.ParentOf(path)!)).ToList())
        {
            _durable.Remove(path);
        }

        foreach (var file in _durable.Values.OfType<CachedFile>().Distinct())
        {
            file.PowerCut(_random, mood);
        }

        _names = new(_durable, StringComparer.Ordinal);
        Kill();
    }

    /// <summary>The process dies and the machine lives: the page cache stays, all handles are dead.</summary>
    public void Kill()
    {
        foreach (var file in _open)
        {
            file.Handles = 0;
        }

        _open.Clear();
        Generation++;
        Stopped = false;
        Faults.CrashCall = 0;
    }

    /// <summary>Puts a folder on the disk before the run begins, as whoever set the machine up did.</summary>
    public void Format(string folder) => _names[folder] = _durable[folder] = null;

    /// <summary>A file's bytes as a reader would see them now, or null; for those who check, not for those who are checked.</summary>
    public ReadOnlyMemory<byte>? Peek(string path) => _names.GetValueOrDefault(Full(path)) is { } file ? new ReadOnlyMemory<byte>(file.Content.ToArray()) : default(ReadOnlyMemory<byte>?);

    /// <summary>All paths of files below a folder; for those who check.</summary>
    public IReadOnlyList<string> PeekNames(string folder) =>
        [.. _names.Where(name => name.Value is not null && name.Key.StartsWith(Full(folder) + "/", StringComparison.Ordinal)).Select(name => name.Key)];

    /// <summary>Takes a file's name off the disk, as somebody who cleans up by hand does.</summary>
    public void Lose(string path)
    {
        _names.Remove(path);
        _durable.Remove(path);
    }

    /// <summary>Flips bits of a stored byte, as a failing medium does.</summary>
    public void Damage(string path, int position, byte mask) => _names[Full(path)]!.Damage(position, mask);

    internal static FileSystemException Error(FileSystemError error, string operation, string path, string reason) => new(error, operation, path, reason);

    internal static string Full(string path)
    {
        var full = path.Replace('\\', '/').TrimEnd('/');
        return full.StartsWith('/') ? full : "/" + full;
    }

    internal long NextStamp() => ++_stamp;

    /// <summary>Counts a call; throws when it fails or the machine stops in it.</summary>
    internal FileSystemError? Begin(string operation, string path, long position = 0, long length = 0, bool fails = true)
    {
        _scheduler.RequireThread(operation);
        if (Stopped)
        {
            throw new MachineStoppedException();
        }

        _scheduler.Trace.Note(operation, path, position, length);
        var error = Faults.Next(operation, path, position, length, out var crash);
        if (crash)
        {
            Stopped = true;
            throw new MachineStoppedException();
        }

        return error is not null && fails ? throw Error(error.Value, operation, path, "injected") : error;
    }

    /// <summary>Completes a sync when the scheduler says so, or fails it.</summary>
    internal ValueTask Later(string operation, string path, FileSystemError? error, Action done, Action? failed = null)
    {
        var completion = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _scheduler.CompleteLater(operation, () =>
        {
            if (error is null)
            {
                done();
                completion.SetResult();
                return;
            }

            failed?.Invoke();
            SyncFailed?.Invoke(path);
            completion.SetException(Error(FileSystemError.Failed, operation, path, "injected (EIO)"));
        });
        return new ValueTask(completion.Task);
    }

    internal void RequireRoom(string operation, string path, CachedFile file, long length)
    {
        if (Capacity != long.MaxValue && length > file.Length && Used() - file.Room + ((length + 4095) / 4096 * 4096) > Capacity)
        {
            throw Error(FileSystemError.NoSpace, operation, path, "no space left on device (ENOSPC)");
        }
    }

    internal void Close(CachedFile file)
    {
        if (--file.Handles == 0)
        {
            _open.Remove(file);
        }
    }

    internal void Mix(ReadOnlySpan<byte> bytes) => _scheduler.Trace.Mix(bytes);

    internal Random Random => _random;

    private long Used() => _names.Values.OfType<CachedFile>().Concat(_open).Distinct().Sum(file => file.Room);

    private SimulatedFile Open(string path, CachedFile file, bool writable)
    {
        file.Handles++;
        _open.Add(file);
        return new SimulatedFile(this, path, file, writable);
    }

    private List<string> List(string directory, bool files)
    {
        Begin("list", directory);
        var prefix = Full(directory) is "/" ? "/" : Full(directory) + "/";
        return [.. _names
            .Where(name => name.Value is not null == files && name.Key.Length > prefix.Length && name.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name.Key[prefix.Length..])
            .Where(name => !name.Contains('/', StringComparison.Ordinal))];
    }

    private bool IsDirectory(string full) => _names.TryGetValue(full, out var node) && node is null;

    private CachedFile Find(string operation, string path) =>
        _names.GetValueOrDefault(Full(path)) ?? throw Error(FileSystemError.NotFound, operation, path, "no such file (ENOENT)");

    private void RequireParent(string operation, string full)
    {
        if (!IsDirectory(NameChange.ParentOf(full)!))
        {
            throw Error(FileSystemError.NotFound, operation, full, "no such directory (ENOENT)");
        }
    }

    private void RequireAbsent(string operation, string full)
    {
        if (_names.ContainsKey(full))
        {
            throw Error(FileSystemError.Exists, operation, full, "exists (EEXIST)");
        }
    }

    private void Change(string? removed, string? added, CachedFile? node)
    {
        var change = new NameChange(NextStamp(), removed, added, node);
        change.Apply(_names);
        _pending.Add(change);
    }
}

/// <summary>The machine stopped during a call. No product code may catch it: the process is over.</summary>
internal sealed class MachineStoppedException() : Exception("the simulated machine stopped");
