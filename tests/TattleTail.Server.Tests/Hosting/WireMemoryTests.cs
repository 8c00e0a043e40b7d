using System.Buffers;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Tests.Hosting;

public sealed class WireMemoryTests
{
    [Fact]
    public void Blocks_AreLargeAndUsedAgain()
    {
        using var memory = new WireMemory();
        IMemoryOwner<byte> first = memory.Rent(1);
        Memory<byte> bytes = first.Memory;
        IMemoryOwner<byte> beside = memory.Rent();
        Assert.Equal(64 * 1024, bytes.Length);
        Assert.False(bytes.Equals(beside.Memory));

        first.Dispose();
        first.Dispose();

        Assert.True(bytes.Equals(memory.Rent(memory.MaxBufferSize).Memory));
        Assert.False(bytes.Equals(memory.Rent().Memory));
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Rent(memory.MaxBufferSize + 1));
    }

    [Fact]
    public void Blocks_OfABusyHour_AreNotKeptForEver()
    {
        using var memory = new WireMemory();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        IMemoryOwner<byte>[] blocks = [.. Enumerable.Range(0, 2_000).Select(_ => memory.Rent())];
        Array.ForEach(blocks, block => block.Dispose());
        Array.Clear(blocks);

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 48L * 1024 * 1024);
    }
}
