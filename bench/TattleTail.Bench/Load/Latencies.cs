using System.Diagnostics;

namespace TattleTail.Bench.Load;

/// <summary>How long each of many things took. Not for concurrent use: one a connection, put together at the end.</summary>
internal sealed class Latencies
{
    private readonly List<long> _ticks = [];

    public int Count => _ticks.Count;

    public void Add(long started) => _ticks.Add(Stopwatch.GetTimestamp() - started);

    public void Add(Latencies others) => _ticks.AddRange(others._ticks);

    /// <summary>Milliseconds that a part of them took at most.</summary>
    public double Milliseconds(double part)
    {
        _ticks.Sort();
        return _ticks.Count == 0 ? double.NaN : _ticks[Math.Min(_ticks.Count - 1, (int)(part * _ticks.Count))] * 1000.0 / Stopwatch.Frequency;
    }
}
