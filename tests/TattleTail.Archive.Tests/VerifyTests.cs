using System.Text;

namespace TattleTail.Archive.Tests;

public sealed class VerifyTests
{
    private readonly ScriptedStore _store = new();
    private readonly ArchiveStream _stream = Sample.Stream();

    [Fact]
    public async Task Verify_SoundFile_HasNoFaults()
    {
        var (archive, file, _) = await TwoFilesAsync();
        Assert.Empty(await archive.VerifyAsync(file));
    }

    [Fact]
    public async Task Verify_AnyByteChanged_IsFound()
    {
        var (archive, file, _) = await TwoFilesAsync();
        var sound = _store.Objects[file.Path];
        for (var at = 0; at < sound.Length; at += 97)
        {
            var damaged = sound.ToArray();
            damaged[at] ^= 0x10;
            _store.Objects[file.Path] = damaged;
            Assert.NotEmpty(await archive.VerifyAsync(file));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(500)]
    public async Task Verify_CutOrMissing_IsFound(int length)
    {
        var (archive, file, _) = await TwoFilesAsync();
        if (length == 0)
        {
            _store.Objects.Remove(file.Path);
        }
        else
        {
            _store.Objects[file.Path] = _store.Objects[file.Path][..length];
        }

        Assert.NotEmpty(await archive.VerifyAsync(file));
        var error = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await (await Sample.OpenAsync(_store)).ReadAsync(file, 0, 0, 1));
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\\u0022numRecords\\u0022:50", "\\u0022numRecords\\u0022:51")]
    [InlineData("\\u0022event_offset\\u0022:49", "\\u0022event_offset\\u0022:48")]
    [InlineData("order.placed", "order.plaXed")]
    [InlineData("0:0:49:50:", "0:0:49:49:")]
    [InlineData("\"spew\"", "\"spex\"")]
    public async Task Verify_LogTellsSomethingElseThanTheFile_IsFound(string what, string instead)
    {
        await TwoFilesAsync();
        const string Commit = "_delta_log/00000000000000000001.json";
        var text = Encoding.UTF8.GetString(_store.Objects[Commit]);
        Assert.Contains(what, text, StringComparison.Ordinal);
        _store.Objects[Commit] = Encoding.UTF8.GetBytes(text.Replace(what, instead, StringComparison.Ordinal));

        var archive = await Sample.OpenAsync(_store);

        Assert.NotEmpty(await archive.VerifyAsync(archive.FindByOffset(_stream.TopicId, 0, 0)!));
        Assert.Empty(await archive.VerifyAsync(archive.FindByOffset(_stream.TopicId, 0, 50)!));
    }

    [Fact]
    public async Task Read_DamagedFile_IsNamedAndTheOtherIsServed()
    {
        var (_, file, other) = await TwoFilesAsync();
        var bytes = _store.Objects[file.Path];
        for (var at = 4; at < bytes.Length - 2000; at += 50)
        {
            bytes[at] ^= 0xff;
        }

        var archive = await Sample.OpenAsync(_store);
        var error = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.ReadAllAsync(archive, file, 0));
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(50, (await Sample.ReadAllAsync(archive, other, 0)).Count);
    }

    [Fact]
    public async Task Read_EachByteChangedInTurn_NeverGivesOtherEvents()
    {
        var (sound, file, _) = await TwoFilesAsync();
        var expected = await Sample.ReadAllAsync(sound, file, 0);
        var bytes = _store.Objects[file.Path];
        for (var at = 0; at < bytes.Length; at += 61)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x04;
            _store.Objects[file.Path] = damaged;
            using var archive = await Sample.OpenAsync(_store);
            try
            {
                Assert.Equal(expected, await Sample.ReadAllAsync(archive, file, 0));
            }
            catch (ArchiveFormatException e)
            {
                Assert.Contains(file.Path, e.Message, StringComparison.Ordinal);
            }
        }
    }

    private async Task<(EventArchive Archive, ArchiveFile First, ArchiveFile Second)> TwoFilesAsync()
    {
        var archive = await Sample.OpenAsync(_store);
        var first = (await Sample.CommitAsync(archive, _stream, 0, 50)).Files[0];
        var second = (await Sample.CommitAsync(archive, _stream, 50, 50)).Files[0];
        return (archive, first, second);
    }
}
