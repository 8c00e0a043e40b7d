using TattleTail.Platform;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Scheduling;

namespace TattleTail.Simulation.Tests;

public sealed class SimulatedFilesTests
{
    private readonly SeededScheduler _scheduler = new(1, new Trace());
    private readonly SimulatedFiles _files;

    public SimulatedFilesTests()
    {
        _files = new SimulatedFiles(_scheduler, 2);
        _files.CreateDirectory("/a/b");
        Sync(_files.SyncDirectoryAsync("/"));
        Sync(_files.SyncDirectoryAsync("/a"));
    }

    [Fact]
    public void PowerCut_NothingSynced_FileIsGone()
    {
        using var file = _files.CreateFile("/a/b/f");
        file.Write(0, "hello"u8);
        _files.PowerCut(CrashMood.LoseAll);
        Assert.False(_files.FileExists("/a/b/f"));
        Assert.True(_files.DirectoryExists("/a/b"));
    }

    [Fact]
    public void PowerCut_ContentSyncedAndNameNot_FileIsGone()
    {
        using var file = _files.CreateFile("/a/b/f");
        file.Write(0, "hello"u8);
        Sync(file.SyncAsync());
        _files.PowerCut(CrashMood.LoseAll);
        Assert.False(_files.FileExists("/a/b/f"));
    }

    [Fact]
    public void PowerCut_NameSyncedAndContentNot_FileIsEmpty()
    {
        using var file = _files.CreateFile("/a/b/f");
        file.Write(0, "hello"u8);
        Sync(_files.SyncDirectoryAsync("/a/b"));
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Equal(0, _files.Peek("/a/b/f")!.Value.Length);
    }

    [Fact]
    public void PowerCut_AllSynced_FileIsThere()
    {
        using var file = Stored("/a/b/f", "hello"u8.ToArray());
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Equal("hello"u8.ToArray(), _files.Peek("/a/b/f")!.Value.ToArray());
    }

    [Fact]
    public void PowerCut_WriteAfterTheSyncBegan_IsLost()
    {
        using var file = Stored("/a/b/f", new byte[1024]);
        file.Write(0, [1]);
        var sync = file.SyncAsync();
        file.Write(600, [2]);
        Sync(sync);
        Assert.Equal(2, Byte(file, 600));
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Equal(1, _files.Peek("/a/b/f")!.Value.Span[0]);
        Assert.Equal(0, _files.Peek("/a/b/f")!.Value.Span[600]);
    }

    [Fact]
    public void PowerCut_UnsyncedSectors_AreEachKeptOrNot()
    {
        var seen = new HashSet<string>();
        for (var seed = 0; seed < 60; seed++)
        {
            var files = new SimulatedFiles(_scheduler, seed);
            using var file = files.CreateFile("/f");
            file.Allocate(1024);
            Sync(file.SyncAsync());
            Sync(files.SyncDirectoryAsync("/"));
            file.Write(500, Enumerable.Repeat((byte)7, 24).ToArray());
            files.PowerCut(new CrashMood(50, false, false));
            var bytes = files.Peek("/f")!.Value.Span;
            seen.Add($"{bytes[511]}{bytes[512]}");
        }

        Assert.Equal(["00", "07", "70", "77"], seen.Order());
    }

    [Fact]
    public void FailedSync_ThenGoodSync_DoesNotWriteThePages()
    {
        using var file = Stored("/a/b/f", new byte[512]);
        file.Write(0, [9]);
        _files.Faults.FailCall = _files.Faults.Calls + 1;
        var error = Assert.Throws<FileSystemException>(() => Sync(file.SyncAsync()));
        Assert.Equal(FileSystemError.Failed, error.Error);
        Assert.Equal(9, Byte(file, 0));
        Sync(file.SyncAsync());
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Equal(0, _files.Peek("/a/b/f")!.Value.Span[0]);
    }

    [Fact]
    public void FailedSync_PageWrittenAgain_IsDurableAfterTheNextSync()
    {
        using var file = Stored("/a/b/f", new byte[512]);
        file.Write(0, [9]);
        _files.Faults.FailCall = _files.Faults.Calls + 1;
        Assert.Throws<FileSystemException>(() => Sync(file.SyncAsync()));
        file.Write(0, [8]);
        Sync(file.SyncAsync());
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Equal(8, _files.Peek("/a/b/f")!.Value.Span[0]);
    }

    [Fact]
    public void Rename_NotSynced_IsAllOrNothing()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var files = new SimulatedFiles(_scheduler, seed);
            using var file = files.CreateFile("/old");
            Sync(files.SyncDirectoryAsync("/"));
            files.Rename("/old", "/new");
            files.PowerCut(new CrashMood(50, false, seed % 2 == 0));
            Assert.NotEqual(files.FileExists("/old"), files.FileExists("/new"));
        }
    }

    [Fact]
    public void DeletedFile_OpenHandle_GoesOnReading()
    {
        using var file = Stored("/a/b/f", "hello"u8.ToArray());
        _files.DeleteFile("/a/b/f");
        Assert.False(_files.FileExists("/a/b/f"));
        Assert.Equal((byte)'h', Byte(file, 0));
    }

    [Fact]
    public void Kill_UnsyncedBytes_StayInTheCacheAndHandlesDie()
    {
        var file = _files.CreateFile("/a/b/f");
        file.Write(0, "hello"u8);
        _files.Kill();
        Assert.Throws<MachineStoppedException>(() => file.Length);
        Assert.Equal("hello"u8.ToArray(), _files.Peek("/a/b/f")!.Value.ToArray());
        _files.PowerCut(CrashMood.LoseAll);
        Assert.Null(_files.Peek("/a/b/f"));
    }

    [Fact]
    public void Capacity_Full_SaysNoSpaceAndHealsWhenRoomIsMade()
    {
        _files.Capacity = 8192;
        using var file = _files.CreateFile("/a/b/f");
        file.Allocate(8192);
        using var other = _files.CreateFile("/a/b/g");
        Assert.Equal(FileSystemError.NoSpace, Assert.Throws<FileSystemException>(() => other.Write(0, [1])).Error);
        Assert.Equal(0, _files.AvailableBytes("/a"));
        file.SetLength(0);
        Sync(file.SyncAsync());
        other.Write(0, [1]);
    }

    [Fact]
    public void Link_NameExists_IsRefused()
    {
        using var file = Stored("/a/b/f", [1]);
        _files.Link("/a/b/f", "/a/b/g");
        Assert.Equal(FileSystemError.Exists, Assert.Throws<FileSystemException>(() => _files.Link("/a/b/f", "/a/b/g")).Error);
        Assert.Equal(["f", "g"], _files.ListFiles("/a/b"));
        Assert.Equal(["b"], _files.ListDirectories("/a"));
    }

    [Fact]
    public void CrashCall_DuringAWrite_StopsTheMachine()
    {
        var file = _files.CreateFile("/a/b/f");
        _files.Faults.CrashCall = _files.Faults.Calls + 1;
        Assert.Throws<MachineStoppedException>(() => file.Write(0, new byte[2000]));
        Assert.Throws<MachineStoppedException>(() => _files.FileExists("/a"));
        Assert.True(_files.Stopped);
        _files.PowerCut(CrashMood.KeepAll);
        Assert.True(_files.FileExists("/a/b/f"));
    }

    private IFile Stored(string path, byte[] content)
    {
        var file = _files.CreateFile(path);
        file.Write(0, content);
        Sync(file.SyncAsync());
        Sync(_files.SyncDirectoryAsync(path[..path.LastIndexOf('/')]));
        return file;
    }

    private static byte Byte(IFile file, long position)
    {
        var one = new byte[1];
        Assert.Equal(1, file.Read(position, one));
        return one[0];
    }

    private void Sync(ValueTask sync)
    {
        var task = sync.AsTask();
        _scheduler.Run(task, 1000);
        task.GetAwaiter().GetResult();
    }
}
