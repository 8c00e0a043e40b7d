using System.Buffers;

namespace TattleTail.Storage.Tests;

/// <summary>What every store must do; each store is a fixture of it.</summary>
public abstract class ObjectStoreCompliance
{
    protected abstract ValueTask<IObjectStore> OpenAsync();

    [Fact]
    public async Task PutIfAbsent_NewName_IsStoredWhole()
    {
        var store = await OpenAsync();

        Assert.True(await store.PutIfAbsentAsync("a/b/c.parquet", Parts("hel", "lo")));

        Assert.Equal(5, await store.GetSizeAsync("a/b/c.parquet", TestContext.Current.CancellationToken));
        Assert.Equal("hello", await ReadAsync(store, "a/b/c.parquet", 0, 100));
    }

    [Fact]
    public async Task PutIfAbsent_ExistingName_IsFalseAndKeepsTheFirst()
    {
        var store = await OpenAsync();
        await store.PutIfAbsentAsync("_delta_log/0.json", Parts("first"));

        Assert.False(await store.PutIfAbsentAsync("_delta_log/0.json", Parts("second")));

        Assert.Equal("first", await ReadAsync(store, "_delta_log/0.json", 0, 100));
    }

    [Fact]
    public async Task PutIfAbsent_ManyAtOnce_ExactlyOneWins()
    {
        var store = await OpenAsync();

        var won = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await store.PutIfAbsentAsync("n", Parts($"{i:D2}")))));

        Assert.Equal(1, won.Count(w => w));
        Assert.Equal($"{Array.IndexOf(won, true):D2}", await ReadAsync(store, "n", 0, 10));
    }

    [Fact]
    public async Task GetRange_WithinAndBeyondTheEnd_GivesWhatIsThere()
    {
        var store = await OpenAsync();
        await store.PutIfAbsentAsync("n", Parts("0123456789"));

        Assert.Equal("345", await ReadAsync(store, "n", 3, 3));
        Assert.Equal("89", await ReadAsync(store, "n", 8, 10));
        Assert.Equal("", await ReadAsync(store, "n", 10, 10));
    }

    [Fact]
    public async Task GetRange_NoSuchName_IsNotFound()
    {
        var store = await OpenAsync();

        var error = await Assert.ThrowsAsync<StoreException>(async () => await ReadAsync(store, "none", 0, 1));

        Assert.Equal(StoreError.NotFound, error.Error);
        Assert.Null(await store.GetSizeAsync("none", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task List_PrefixAndAfter_AreInOrdinalOrderWithSizes()
    {
        var store = await OpenAsync();
        foreach (var name in (string[])["b/2", "b/10", "b/1", "a/1", "bb", "b/c/x"])
        {
            await store.PutIfAbsentAsync(name, Parts(name));
        }

        Assert.Equal(["b/1", "b/10", "b/2", "b/c/x"], await ListAsync(store, "b/", null));
        Assert.Equal(["b/2", "b/c/x"], await ListAsync(store, "b/", "b/10"));
        Assert.Empty(await ListAsync(store, "zz", null));
    }

    [Fact]
    public async Task PutHint_Twice_Replaces()
    {
        var store = await OpenAsync();

        await store.PutHintAsync("_tattletail/hint", "one"u8.ToArray());
        await store.PutHintAsync("_tattletail/hint", "two"u8.ToArray());

        Assert.Equal("two", await ReadAsync(store, "_tattletail/hint", 0, 10));
    }

    [Fact]
    public async Task Delete_ThereOrNot_IsNoError()
    {
        var store = await OpenAsync();
        await store.PutIfAbsentAsync("n", Parts("x"));

        await store.DeleteAsync("n");
        await store.DeleteAsync("n");

        Assert.Null(await store.GetSizeAsync("n", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("a b")]
    [InlineData("ü")]
    public async Task PutIfAbsent_IllegalName_IsRefused(string name)
    {
        var store = await OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.PutIfAbsentAsync(name, Parts("x")));
    }

    protected static ReadOnlySequence<byte> Parts(params string[] parts)
    {
        Part? first = null, last = null;
        foreach (var text in parts)
        {
            last = new Part(System.Text.Encoding.UTF8.GetBytes(text), last);
            first ??= last;
        }

        return new ReadOnlySequence<byte>(first!, 0, last!, last!.Memory.Length);
    }

    protected static async Task<string> ReadAsync(IObjectStore store, string name, long position, int length)
    {
        var buffer = new byte[length];
        var read = await store.GetRangeAsync(name, position, buffer);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static async Task<string[]> ListAsync(IObjectStore store, string prefix, string? after)
    {
        var names = new List<string>();
        await foreach (var found in store.ListAsync(prefix, after))
        {
            Assert.Equal(found.Name.Length, found.Size);
            names.Add(found.Name);
        }

        return [.. names];
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        public Part(ReadOnlyMemory<byte> memory, Part? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
            before?.Next = this;
        }
    }
}
