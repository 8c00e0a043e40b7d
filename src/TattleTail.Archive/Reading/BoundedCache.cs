using System.Diagnostics.CodeAnalysis;

namespace TattleTail.Archive.Reading;

/// <summary>Keeps the values used last, up to a number of bytes; the newest is always kept. Safe for concurrent use.</summary>
/// <param name="maxBytes">How many.</param>
/// <param name="size">Bytes of a value; always the same for one.</param>
/// <param name="dropped">Told of each value that is kept no more, and of those that come after <see cref="Close"/>.</param>
internal sealed class BoundedCache<TKey, TValue>(long maxBytes, Func<TValue, long> size, Action<TValue>? dropped = null)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();
    private long _bytes;
    private bool _closed;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
            {
                value = default;
                return false;
            }

            _order.Remove(node);
            _order.AddLast(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Adds a value of a key that has none.</summary>
    public void Add(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_closed)
            {
                dropped?.Invoke(value);
                return;
            }

            _nodes.Add(key, _order.AddLast((key, value)));
            _bytes += size(value);
            while (_bytes > maxBytes && _order.Count > 1)
            {
                Drop(_order.First!);
            }
        }
    }

    /// <summary>Adds a value, in place of the one that the key had.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                Drop(node);
            }

            Add(key, value);
        }
    }

    /// <summary>Takes a value out, which is then the caller's.</summary>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_nodes.Remove(key, out var node))
            {
                value = default;
                return false;
            }

            _order.Remove(node);
            value = node.Value.Value;
            _bytes -= size(value);
            return true;
        }
    }

    /// <summary>Keeps nothing any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_order.First is { } first)
            {
                Drop(first);
            }
        }
    }

    private void Drop(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _order.Remove(node);
        _nodes.Remove(node.Value.Key);
        _bytes -= size(node.Value.Value);
        dropped?.Invoke(node.Value.Value);
    }
}
