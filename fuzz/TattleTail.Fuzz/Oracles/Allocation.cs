using System.Globalization;
using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Oracles;

/// <summary>
/// What decoding may allocate: four times the bytes that came, and a constant for what does not depend on them (readers, an exception with its text and trace). It counts what this thread allocates
/// on the managed heap, so the code in between must not leave the thread.
/// </summary>
internal readonly struct Allocation
{
    private const int TimesTheBytes = 4;
    private const long Constant = 64 * 1024;

    private readonly long _before;

    private Allocation(long before) => _before = before;

    public static Allocation Start() => new(GC.GetAllocatedBytesForCurrentThread());

    /// <summary>Throws when more was allocated than the bytes allow.</summary>
    /// <param name="bytes">The bytes that came.</param>
    /// <param name="beyond">What a documented cap allows beyond that.</param>
    /// <param name="what">What was done.</param>
    public void Check(long bytes, long beyond, string what)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread() - _before;
        long allowed = (TimesTheBytes * bytes) + Constant + beyond;
        if (allocated > allowed)
        {
            throw new OracleException(string.Create(CultureInfo.InvariantCulture, $"{what} allocated {allocated} bytes for {bytes} that came ({allowed} are allowed)"));
        }
    }
}
