using TattleTail.Tests;

namespace TattleTail.Platform.Tests;

public sealed class WatchedFileTests : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tattletail-watched-{Guid.NewGuid():N}");
    private readonly HandClock _clock = new();
    private readonly List<string> _told = [];

    public WatchedFileTests() => Write("1");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Current_OfAChangedFile_IsAsBeforeUntilTheNextLook()
    {
        WatchedFile<int> file = Watch();
        Write("22");

        Assert.Equal(1, file.Current);
        _clock.Advance(LookEvery);

        Assert.Equal(22, file.Current);
        Assert.Equal(["read 22"], _told);
    }

    [Fact]
    public void Current_OfAnUnchangedFile_IsNotReadAgain()
    {
        WatchedFile<int> file = Watch();

        _clock.Advance(LookEvery);

        Assert.Equal(1, file.Current);
        Assert.Empty(_told);
    }

    [Fact]
    public void Current_OfAFileThatIsWrongOrGone_StaysAndIsToldOfOnce()
    {
        WatchedFile<int> file = Watch();
        foreach (string text in (string[])["no number", "no number, changed", ""])
        {
            Write(text);
            Look(file);
            Assert.Equal(1, file.Current);
        }

        File.Delete(_path);
        Look(file);
        Look(file);

        Assert.Equal(1, file.Current);
        Assert.Equal(2, _told.Count);
        Assert.Equal("no number", _told[0]);
        Assert.Contains(_path, _told[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Current_AfterAFailedRead_IsTriedAgainThoughTheFilesTimeDidNotChange()
    {
        bool isLocked = false;
        WatchedFile<int> file = Watch(() => isLocked ? throw new IOException("locked") : Read());
        Write("22");
        isLocked = true;
        Look(file);
        Assert.Equal(1, file.Current);

        isLocked = false;
        Look(file);

        Assert.Equal(22, file.Current);
        Assert.Equal(["locked", "read 22"], _told);
    }

    [Fact]
    public void Fault_AfterAGoodRead_IsToldOfAnew()
    {
        WatchedFile<int> file = Watch();
        foreach (string text in (string[])["no number", "22", "not a number"])
        {
            Write(text);
            Look(file);
        }

        Assert.Equal(["no number", "read 22", "no number"], _told);
    }

    [Fact]
    public void Watch_OfAFileThatIsWrong_Throws()
    {
        Write("no number");

        Assert.Throws<InvalidDataException>(() => Watch());
    }

    private WatchedFile<int> Watch(Func<int>? read = null) =>
        new(_path, read ?? Read, LookEvery, _clock) { OnRead = number => _told.Add($"read {number}"), OnFault = _told.Add };

    private void Look(WatchedFile<int> file)
    {
        _clock.Advance(LookEvery);
        _ = file.Current;
    }

    private int Read() => int.TryParse(File.ReadAllText(_path), out int number) ? number : throw new InvalidDataException("no number");

    private void Write(string text) => File.WriteAllText(_path, text);
}
