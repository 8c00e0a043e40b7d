using System.Text;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

public sealed class CommitTests
{
    private const string First = "_delta_log/00000000000000000001.json";
    private const string Second = "_delta_log/00000000000000000002.json";

    private readonly ScriptedStore _store = new();
    private readonly ArchiveStream _stream = Sample.Stream();

    [Fact]
    public async Task Commit_NewFile_IsFoundByItselfAndByTheNextOpening()
    {
        var archive = await Sample.OpenAsync(_store);
        Assert.Null(archive.SealedThrough(_stream.TopicId, 0));

        var outcome = await Sample.CommitAsync(archive, _stream, 0, 10);

        Assert.Equal((SealResult.Committed, 1L), (outcome.Result, outcome.Version));
        foreach (var seen in new[] { archive, await Sample.OpenAsync(_store, 2) })
        {
            Assert.Equal(1, seen.Version);
            Assert.Equal(10, seen.SealedThrough(_stream.TopicId, 0));
            var file = Assert.Single(seen.Files());
            Assert.Equal(outcome.Files[0] with { Partitions = file.Partitions }, file);
            Assert.Equal(outcome.Files[0].Partitions, file.Partitions);
            Assert.Equal(10, (await Sample.ReadAllAsync(seen, file, 0)).Count);
        }
    }

    [Fact]
    public async Task Commit_ErrorAfterItTookEffect_IsCommittedOnce()
    {
        var archive = await Sample.OpenAsync(_store);
        FailOnce(after: true);

        var outcome = await Sample.CommitAsync(archive, _stream, 0, 10);

        Assert.Equal((SealResult.Committed, 1L), (outcome.Result, outcome.Version));
        Assert.False(_store.Objects.ContainsKey(Second));
        Assert.Single(archive.Files());
    }

    [Fact]
    public async Task Commit_ErrorBeforeItTookEffect_TakesTheSameVersion()
    {
        var archive = await Sample.OpenAsync(_store);
        FailOnce(after: false);

        var outcome = await Sample.CommitAsync(archive, _stream, 0, 10);

        Assert.Equal((SealResult.Committed, 1L), (outcome.Result, outcome.Version));
        Assert.Single(archive.Files());
    }

    [Fact]
    public async Task Commit_StoreStaysAway_ThrowsAndTheSameEventsCanBeCommittedLater()
    {
        var archive = await Sample.OpenAsync(_store);
        _store.BeforePut = name => name.StartsWith("_delta_log/", StringComparison.Ordinal) ? throw new StoreException(StoreError.Unavailable, "away") : ValueTask.CompletedTask;
        await Assert.ThrowsAsync<StoreException>(async () => await Sample.CommitAsync(archive, _stream, 0, 10));

        _store.BeforePut = _ => ValueTask.CompletedTask;
        var outcome = await Sample.CommitAsync(archive, _stream, 0, 10);

        Assert.Equal((SealResult.Committed, 1L), (outcome.Result, outcome.Version));
        Assert.Single(archive.Files());
    }

    [Fact]
    public async Task Commit_AllAnswersLostThoughItTookEffect_NextTrySaysMovedAndKeepsTheLiveFile()
    {
        var archive = await Sample.OpenAsync(_store);
        _store.AfterPut = name => { if (name == First) { throw new StoreException(StoreError.Unavailable, "lost"); } };
        _store.BeforeGet = name => { if (name == First && _store.Objects.ContainsKey(First)) { throw new StoreException(StoreError.Unavailable, "away"); } };
        using var file = Sample.Encode(archive, _stream, 0, Sample.Batch(0, Sample.Plain(0, 10)));
        SealedPosition[] positions = [new(_stream.TopicId, 0, 0, 10)];
        await Assert.ThrowsAsync<StoreException>(async () => await archive.CommitAsync([file], positions));
        _store.AfterPut = _ => { };
        _store.BeforeGet = _ => { };

        var outcome = await archive.CommitAsync([file], positions);

        Assert.Equal(SealResult.Moved, outcome.Result);
        Assert.Equal(10, archive.SealedThrough(_stream.TopicId, 0));
        var live = Assert.Single(archive.Files());
        Assert.Empty(await archive.VerifyAsync(live));
    }

    [Fact]
    public async Task Commit_AnotherCommittedMeanwhile_TakesTheNextVersion()
    {
        var archive = await Sample.OpenAsync(_store);
        var other = await Sample.OpenAsync(_store, 2);
        await CommitMeanwhileAsync(other, Sample.Stream("other", 2), 0, 5);

        var outcome = await Sample.CommitAsync(archive, _stream, 0, 10);

        Assert.Equal((SealResult.Committed, 2L), (outcome.Result, outcome.Version));
        Assert.Equal(2, archive.Files().Count);
        Assert.Equal(5, archive.SealedThrough(Sample.Stream("other", 2).TopicId, 0));
    }

    [Fact]
    public async Task Commit_PositionMovedMeanwhile_IsMovedAndItsFilesAreDiscarded()
    {
        var archive = await Sample.OpenAsync(_store);
        await Sample.CommitAsync(archive, _stream, 0, 10);
        var other = await Sample.OpenAsync(_store, 2);
        await CommitMeanwhileAsync(other, _stream, 10, 4);

        var outcome = await Sample.CommitAsync(archive, _stream, 10, 10);

        Assert.Equal(SealResult.Moved, outcome.Result);
        Assert.Equal(14, archive.SealedThrough(_stream.TopicId, 0));
        Assert.Equal(2, archive.Files().Count);
        Assert.Equal(2, _store.Objects.Keys.Count(name => name.StartsWith("data/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[],"writerFeatures":["tattletail.log"]}}""")]
    [InlineData("""{"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{}","partitionColumns":[],"configuration":{}}}""")]
    public async Task Commit_ProtocolOrMetadataChangedMeanwhile_Stops(string action)
    {
        var archive = await Sample.OpenAsync(_store);
        _store.BeforePut = name =>
        {
            _store.Objects.TryAdd(First, Encoding.UTF8.GetBytes(action + "\n"));
            return ValueTask.CompletedTask;
        };

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.CommitAsync(archive, _stream, 0, 10));

        Assert.False(_store.Objects.ContainsKey(Second));
    }

    [Fact]
    public async Task Commit_FileReadsBackDifferently_IsNotCommitted()
    {
        var archive = await Sample.OpenAsync(_store);
        _store.AfterPut = name => { if (name.StartsWith("data/", StringComparison.Ordinal)) { _store.Objects[name][100] ^= 1; } };

        await Assert.ThrowsAsync<StoreException>(async () => await Sample.CommitAsync(archive, _stream, 0, 10));

        Assert.False(_store.Objects.ContainsKey(First));
        Assert.Null(archive.SealedThrough(_stream.TopicId, 0));
    }

    [Fact]
    public async Task Commit_SamePositionTwice_IsRefused()
    {
        var archive = await Sample.OpenAsync(_store);
        await Assert.ThrowsAsync<ArgumentException>(async () => await archive.CommitAsync([], [new(_stream.TopicId, 0, 0, 1), new(_stream.TopicId, 0, 0, 2)]));
    }

    [Fact]
    public async Task Commit_PositionsWithoutFiles_Move()
    {
        var archive = await Sample.OpenAsync(_store);
        var outcome = await archive.CommitAsync([], [new SealedPosition(_stream.TopicId, 3, 0, 77)]);
        Assert.Equal(SealResult.Committed, outcome.Result);
        Assert.Equal(77, archive.SealedThrough(_stream.TopicId, 3));
    }

    private void FailOnce(bool after)
    {
        var failed = false;
        void Fail(string name)
        {
            if (name == First && !failed)
            {
                failed = true;
                throw new StoreException(StoreError.Unavailable, "timed out");
            }
        }

        _store.AfterPut = after ? Fail : _ => { };
        _store.BeforePut = name =>
        {
            if (!after)
            {
                Fail(name);
            }

            return ValueTask.CompletedTask;
        };
    }

    /// <summary>Lets another writer commit just before the next version is put.</summary>
    private async Task CommitMeanwhileAsync(EventArchive other, ArchiveStream stream, int first, int count)
    {
        var done = false;
        _store.BeforePut = async name =>
        {
            if (!done && name.StartsWith("_delta_log/", StringComparison.Ordinal))
            {
                done = true;
                await Sample.CommitAsync(other, stream, first, count);
            }
        };
        await Task.CompletedTask;
    }
}
