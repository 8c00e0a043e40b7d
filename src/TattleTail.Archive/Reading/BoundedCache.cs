using System.Diagnostics.CodeAnalysis;

namespace TattleTail.Archive.Reading;

/// <summary>Keeps the values used last, up to a number of bytes; the newest is always kept. Safe for concurrent use.</summary>
internal sealed class BoundedCache<TKey, TValue>(long maxBytes, Func<TValue, long> size)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _order = new();
    private long _bytes;

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

    public void Add(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_nodes.ContainsKey(key))
            {
                return;
            }

            _nodes.Add(key, _order.AddLast((key, value)));
            _bytes += size(value);
            while (_bytes > maxBytes && _order.Count > 1)
            {
                var oldest = _order.First!.Value;
                _order.RemoveFirst();
                _nodes.Remove(oldest.Key);
                _bytes -= size(oldest.Value);
            }
        }
    }
}
