using System.Buffers;

namespace TattleTail.Storage.Tests;

/// <summary>What every store promises. A store is a fixture of it: a subclass that opens an empty one.</summary>
public abstract class ObjectStoreCompliance
{
    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IObjectStore> OpenEmptyAsync();

    [Fact]
    public async Task PutIfAbsent_NewName_IsReadBackWhole()
    {
        var store = await OpenEmptyAsync();
        var content = Bytes(3_000_000);

        Assert.True(await store.PutIfAbsentAsync("a/b/c.bin", Split(content, 70_000)));

        Assert.Equal(content.Length, await store.GetSizeAsync("a/b/c.bin"));
        var back = new byte[content.Length];
        Assert.Equal(content.Length, await store.GetRangeAsync("a/b/c.bin", 0, back));
        Assert.Equal(content, back);
    }

    [Fact]
    public async Task PutIfAbsent_ExistingName_KeepsTheFirst()
    {
        var store = await OpenEmptyAsync();
        Assert.True(await store.PutIfAbsentAsync("log/1.json", Split([1], 1)));

        Assert.False(await store.PutIfAbsentAsync("log/1.json", Split([2, 2], 1)));

        Assert.Equal([1], await ReadAsync(store, "log/1.json"));
    }

    [Fact]
    public async Task PutIfAbsent_ManyAtOnce_OneWins()
    {
        var store = await OpenEmptyAsync();

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await store.PutIfAbsentAsync("race", Split([(byte)i], 1)))));

        var winner = Assert.Single(Enumerable.Range(0, 8), i => won[i]);
        Assert.Equal([(byte)winner], await ReadAsync(store, "race"));
    }

    [Fact]
    public async Task PutIfAbsent_EmptyContent_IsAnObjectOfNoBytes()
    {
        var store = await OpenEmptyAsync();
        Assert.True(await store.PutIfAbsentAsync("empty", ReadOnlySequence<byte>.Empty));
        Assert.Equal(0, await store.GetSizeAsync("empty"));
    }

    [Fact]
    public async Task GetRange_MiddleEndAndBeyond_GivesWhatIsThere()
    {
        var store = await OpenEmptyAsync();
        await store.PutIfAbsentAsync("x", Split([1, 2, 3, 4, 5], 2));
        var buffer = new byte[3];

        Assert.Equal(3, await store.GetRangeAsync("x", 1, buffer));
        Assert.Equal([2, 3, 4], buffer);
        Assert.Equal(2, await store.GetRangeAsync("x", 3, buffer));
        Assert.Equal(0, await store.GetRangeAsync("x", 5, buffer));
        Assert.Equal(0, await store.GetRangeAsync("x", 500, buffer));
    }

    [Fact]
    public async Task GetRange_NoSuchObject_IsNotFound()
    {
        var store = await OpenEmptyAsync();
        Assert.Null(await store.GetSizeAsync("no/such"));
        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.GetRangeAsync("no/such", 0, new byte[1]));
        Assert.Equal(StoreError.NotFound, error.Error);
    }

    [Fact]
    public async Task PutHint_Twice_GivesTheLast()
    {
        var store = await OpenEmptyAsync();
        await store.PutHintAsync("_delta_log/_last_checkpoint", new byte[] { 1, 2, 3 });
        await store.PutHintAsync("_delta_log/_last_checkpoint", new byte[] { 4 });
        Assert.Equal([4], await ReadAsync(store, "_delta_log/_last_checkpoint"));
    }

    [Fact]
    public async Task List_PrefixAndAfter_IsInOrdinalOrderWithSizes()
    {
        var store = await OpenEmptyAsync();
        string[] names = ["a", "d-x/1", "d.x", "d/1", "d/2/3", "d/Z", "d0", "e/1"];
        foreach (var name in names.Reverse())
        {
            await store.PutIfAbsentAsync(name, Split(Bytes(name.Length), 9));
        }

        Assert.Equal(names, await NamesAsync(store, ""));
        Assert.Equal(["d-x/1", "d.x", "d/1", "d/2/3", "d/Z", "d0"], await NamesAsync(store, "d"));
        Assert.Equal(["d/1", "d/2/3", "d/Z"], await NamesAsync(store, "d/"));
        Assert.Equal(["d/2/3", "d/Z"], await NamesAsync(store, "d/", "d/1"));
        Assert.Equal(["d/Z"], await NamesAsync(store, "d/", "d/2/3"));
        Assert.Empty(await NamesAsync(store, "nothing/"));
    }

    [Fact]
    public async Task Delete_ThereOrNot_IsGone()
    {
        var store = await OpenEmptyAsync();
        await store.PutIfAbsentAsync("d/x", Split([1], 1));
        await store.DeleteAsync("d/x");
        await store.DeleteAsync("d/x");
        await store.DeleteAsync("never/was");
        Assert.Null(await store.GetSizeAsync("d/x"));
        Assert.True(await store.PutIfAbsentAsync("d/x", Split([2], 1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("../a")]
    [InlineData("a/../b")]
    [InlineData("a/./b")]
    [InlineData("a b")]
    [InlineData("a%20b")]
    [InlineData("a\\b")]
    [InlineData("é")]
    public async Task AnyMethod_IllegalName_IsRefused(string name)
    {
        var store = await OpenEmptyAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PutIfAbsentAsync(name, Split([1], 1)));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PutHintAsync(name, new byte[1]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetRangeAsync(name, 0, new byte[1]));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetSizeAsync(name));
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeleteAsync(name));
    }

    internal static ReadOnlySequence<byte> Split(byte[] content, int partBytes)
    {
        Part? first = null, last = null;
        for (var at = 0; at < content.Length; at += partBytes)
        {
            last = new Part(content.AsMemory(at, Math.Min(partBytes, content.Length - at)), last);
            first ??= last;
        }

        return first is null ? ReadOnlySequence<byte>.Empty : new ReadOnlySequence<byte>(first, 0, last!, last!.Memory.Length);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static async Task<byte[]> ReadAsync(IObjectStore store, string name)
    {
        var bytes = new byte[(await store.GetSizeAsync(name))!.Value];
        Assert.Equal(bytes.Length, await store.GetRangeAsync(name, 0, bytes));
        return bytes;
    }

    private static async Task<List<string>> NamesAsync(IObjectStore store, string prefix, string? after = null)
    {
        var names = new List<string>();
        await foreach (var found in store.ListAsync(prefix, after))
        {
            Assert.Equal(found.Name.Length, found.Size);
            names.Add(found.Name);
        }

        return names;
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
