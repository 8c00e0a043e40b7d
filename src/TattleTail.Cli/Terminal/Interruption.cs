using System.Runtime.InteropServices;

namespace TattleTail.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM, as one request to stop: the first cancels <see cref="Token"/>, so that the command can end cleanly; a second one ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Cancelled when the user or the system asks to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Listens to the process's signals until disposed.</summary>
    public static Interruption OfProcess()
    {
        var interruption = new Interruption();
        interruption._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, interruption.Stop));
        interruption._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, interruption.Stop));
        return interruption;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        // Left uncancelled, the signal does what it does by default: it ends the process.
        signal.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
