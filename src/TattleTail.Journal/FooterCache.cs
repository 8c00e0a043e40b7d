namespace TattleTail.Journal;

/// <summary>Lists of batches read from footers, the least recently used leaving first when their bytes exceed the bound. A list larger than the bound is read each time. Safe for concurrent use.</summary>
internal sealed class FooterCache(long maxBytes)
{
    private const int BytesOfBatch = 56;
    private const int BytesOfList = 160;

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Segment, ListKey Key), LinkedListNode<Item>> _items = [];
    private readonly LinkedList<Item> _byUse = new();
    private long _bytes;

    private sealed record Item(long Segment, ListKey Key, List<IndexedBatch> Batches)
    {
        public long Bytes => BytesOfList + ((long)Batches.Count * BytesOfBatch);
    }

    /// <summary>Bytes held.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
            {
                return _bytes;
            }
        }
    }

    public List<IndexedBatch>? Find(long segment, ListKey key)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue((segment, key), out var node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Batches;
        }
    }

    public void Add(long segment, ListKey key, List<IndexedBatch> batches)
    {
        var item = new Item(segment, key, batches);
        lock (_lock)
        {
            if (item.Bytes > maxBytes || _items.ContainsKey((segment, key)))
            {
                return;
            }

            _items.Add((segment, key), _byUse.AddLast(item));
            _bytes += item.Bytes;
            while (_bytes > maxBytes)
            {
                Remove(_byUse.First!);
            }
        }
    }

    /// <summary>Forgets a segment's list, when the segment goes.</summary>
    public void Forget(long segment, ListKey key)
    {
        lock (_lock)
        {
            if (_items.TryGetValue((segment, key), out var node))
            {
                Remove(node);
            }
        }
    }

    private void Remove(LinkedListNode<Item> node)
    {
        _byUse.Remove(node);
        _items.Remove((node.Value.Segment, node.Value.Key));
        _bytes -= node.Value.Bytes;
    }
}
