using TattleTail.Server.Hosting;
using TattleTail.Server.Sample;

namespace TattleTail.Server.Tests.Sample;

public sealed class SamplePublisherTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Run_TwiceAndAfterARestart_PublishesOnce()
    {
        var first = await SamplePublisher.RunAsync(_node.Node);
        var second = await SamplePublisher.RunAsync(_node.Node);
        await _node.RestartAsync();
        var third = await SamplePublisher.RunAsync(_node.Node);

        Assert.Equal((329, 329, 58, 58, 329), (first.Published, first.Events, first.Channels, first.SealedFiles, first.ReadBack));
        Assert.Empty(first.Differences);
        Assert.True(first.SealedBytes > 100_000);
        Assert.Equal((0, 329, 58), (second.Published, second.ReadBack, second.SealedFiles));
        Assert.Equal((0, 329), (third.Published, third.ReadBack));
        Assert.Equal(329, _node.Node.Log.Channels.Where(c => c.Name.StartsWith("github.", StringComparison.Ordinal)).Sum(c => c.Partitions.Sum(p => p.HighWatermark)));
    }

    [Fact]
    public async Task Run_AfterOneThatWasBrokenOff_PublishesTheRest()
    {
        var lines = (await File.ReadAllLinesAsync(SamplePublisher.BundledFile)).Where(l => l.Contains("\"com.github.issues.", StringComparison.Ordinal)).ToArray();
        await _node.PublishLinesAsync("github.issues", lines[..3]);

        var report = await SamplePublisher.RunAsync(_node.Node);

        Assert.Equal((326, 329), (report.Published, report.ReadBack));
        Assert.Equal(lines, (await _node.GetAsync("channels/github.issues/events")).Bodies);
    }

    [Fact]
    public async Task Run_WithoutItsFile_SaysWhatToDo()
    {
        var e = await Assert.ThrowsAsync<StartException>(async () => await SamplePublisher.RunAsync(_node.Node, "/absent/sample.ndjson"));

        Assert.Contains("/absent/sample.ndjson", e.Message, StringComparison.Ordinal);
    }
}
