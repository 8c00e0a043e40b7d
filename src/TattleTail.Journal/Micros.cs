namespace TattleTail.Journal;

/// <summary>Microseconds since 1970 UTC.</summary>
internal static class Micros
{
    public static long Now(TimeProvider clock) => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
