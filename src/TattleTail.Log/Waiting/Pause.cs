namespace TattleTail.Log.Waiting;

/// <summary>A wait that closing ends early, on the caller's scheduler (see <see cref="FirstOf"/>).</summary>
internal static class Pause
{
    /// <summary>Completes after a time or when the token is cancelled, without an exception.</summary>
    public static async Task WaitAsync(TimeSpan time, TimeProvider clock, CancellationToken closing) =>
        await Task.Delay(time, clock, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
