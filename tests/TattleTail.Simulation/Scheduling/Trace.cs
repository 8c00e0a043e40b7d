using System.Globalization;

namespace TattleTail.Simulation.Scheduling;

/// <summary>A running hash over everything that happens in a run, and the text of it when somebody wants to read along. Equal hashes: the same run.</summary>
internal sealed class Trace(TextWriter? writer = null)
{
    private const ulong Prime = 1_099_511_628_211;
    private ulong _hash = 14_695_981_039_346_656_037;

    /// <summary>The hash so far (FNV-1a, 64 bits).</summary>
    public ulong Hash => _hash;

    /// <summary>How many things were noted.</summary>
    public long Count { get; private set; }

    /// <summary>Notes that something happened.</summary>
    public void Note(string what, string where = "", long first = 0, long second = 0)
    {
        Count++;
        Mix(what);
        Mix(where);
        Mix(first);
        Mix(second);
        writer?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Count,8} {what} {where} {first} {second}"));
    }

    /// <summary>Notes bytes, so that a run which writes other bytes has another hash.</summary>
    public void Mix(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _hash = (_hash ^ value) * Prime;
        }
    }

    private void Mix(string text)
    {
        foreach (var character in text)
        {
            _hash = (_hash ^ character) * Prime;
        }
    }

    private void Mix(long number)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            _hash = (_hash ^ (byte)(number >> shift)) * Prime;
        }
    }
}
