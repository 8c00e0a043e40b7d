using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TattleTail.EndToEnd.Telemetry;

/// <summary>Takes what is sent to it by OTLP over HTTP.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentBag<(string Path, string Content)> _got = [];
    private readonly Task _loop;

    public Collector()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
        }

        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _loop = Task.Run(TakeAsync);
    }

    public string Address { get; }

    /// <summary>Whether something came to a path and holds a text; protobuf leaves texts readable.</summary>
    public bool Got(string path, string text) => _got.Any(sent => sent.Path == path && sent.Content.Contains(text, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task TakeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var content = new StreamReader(context.Request.InputStream, Encoding.Latin1);
                _got.Add((context.Request.Url!.AbsolutePath, await content.ReadToEndAsync()));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
                return;
            }
        }
    }
}
