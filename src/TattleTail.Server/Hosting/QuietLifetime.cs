using Microsoft.Extensions.Hosting;

namespace TattleTail.Server.Hosting;

/// <summary>Leaves the process's signals to whoever owns the node.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
