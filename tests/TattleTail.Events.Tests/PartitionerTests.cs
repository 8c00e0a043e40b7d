namespace TattleTail.Events.Tests;

public sealed class PartitionerTests
{
    /// <summary>The vectors of Apache Kafka's <c>UtilsTest.testMurmur2</c>, as partitions of 2,147,483,647.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void ForKey_KafkasVectors_GiveKafkasPartition(string key, int murmur2)
    {
        foreach (var partitions in (int[])[1, 3, 12, 1000, int.MaxValue])
        {
            Assert.Equal((murmur2 & 0x7fffffff) % partitions, Partitioner.ForKey(System.Text.Encoding.UTF8.GetBytes(key), partitions));
        }
    }

    [Theory]
    [InlineData("orders", true)]
    [InlineData("Orders.v1_a-b", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a b", false)]
    [InlineData("ü", false)]
    public void ChannelName_Rule_IsKafkas(string name, bool legal) => Assert.Equal(legal, ChannelName.Fault(name) is null);

    [Fact]
    public void ChannelName_AtTheLimitAndOneMore_TellsThem()
    {
        Assert.Null(ChannelName.Fault(new string('a', 249)));
        Assert.Contains("249", ChannelName.Fault(new string('a', 250)), StringComparison.Ordinal);
    }
}
