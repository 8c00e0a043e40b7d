using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TattleTail.Server.Http;
using TattleTail.Server.Http.Publishing;
using TattleTail.Server.Security;
using TattleTail.Server.Telemetry;
using TattleTail.Tests;

namespace TattleTail.Server.Tests.Http;

/// <summary>The HTTP API with little memory for bodies, over the log of a node.</summary>
public sealed class BodyMemoryOverHttpTests : IAsyncLifetime
{
    private const int Limit = 64 * 1024;

    private readonly BodyMemory _memory = new(Limit);
    private readonly HttpClient _http = new();
    private TestNode _node = null!;
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        Instruments.Add(builder);
        _app = builder.Build();
        HttpApi.Map(_app, new ApiContext(_node.Node.Log, _node.Config, TimeProvider.System, NullLogger.Instance, _memory, _app.Lifetime.ApplicationStopping), NodeSecurity.None());
        await _app.StartAsync();
        // A refused body is not read to its end, so its connection serves no other request: none is taken from the pool.
        _http.DefaultRequestHeaders.ConnectionClose = true;
        _http.BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData("application/vnd.tattletail.event+json", false)]
    [InlineData("application/vnd.tattletail.event+json", true)]
    [InlineData("application/x-ndjson", false)]
    [InlineData("application/x-ndjson", true)]
    public async Task Publish_MemoryHeldByASlowBody_IsRefusedAndGivenBackAndHarmsNoOther(string type, bool dies)
    {
        var slow = Event(50_000);
        using var client = new TcpClient();
        await client.ConnectAsync(_http.BaseAddress!.Host, _http.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /channels/slow/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\nContent-Length: {slow.Length}\r\n\r\n{slow[..^1]}"));
        await Eventually.HoldsAsync(() => _memory.Held == slow.Length - 1, "the slow body to be held");

        using (var refused = await PublishAsync(Event(20_000), type))
        {
            Assert.Equal((503, "1"), ((int)refused.StatusCode, string.Join(",", refused.Headers.GetValues("Retry-After"))));
            Assert.Contains("try again", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(slow.Length - 1, _memory.Held);
        using (var small = await PublishAsync(Event(5_000), type))
        {
            Assert.Equal(201, (int)small.StatusCode);
        }

        if (dies)
        {
            client.Client.Close(0);
        }
        else
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(slow[^1..]));
            var head = new byte[12];
            await client.GetStream().ReadExactlyAsync(head).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal("HTTP/1.1 201", Encoding.ASCII.GetString(head));
        }

        await Eventually.HoldsAsync(() => _memory.Held == 0, "the memory to be given back");
        using var again = await PublishAsync(Event(20_000), type);
        Assert.Equal(201, (int)again.StatusCode);
    }

    private static string Event(int bytes) => $$"""{"body":"{{new string('x', bytes)}}"}""";

    private async Task<HttpResponseMessage> PublishAsync(string body, string type)
    {
        using var content = new StringContent(body, Encoding.UTF8, new System.Net.Http.Headers.MediaTypeHeaderValue(type));
        return await _http.PostAsync("channels/other/events", content);
    }
}
