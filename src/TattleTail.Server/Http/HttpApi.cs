using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TattleTail.Server.Health;
using TattleTail.Server.Hosting;
using TattleTail.Server.Http.Access;
using TattleTail.Server.Http.Archives;
using TattleTail.Server.Http.Channels;
using TattleTail.Server.Http.Problems;
using TattleTail.Server.Http.Publishing;
using TattleTail.Server.Http.Reading;
using TattleTail.Server.Security;

namespace TattleTail.Server.Http;

/// <summary>The routes of docs/http-api.md.</summary>
internal static class HttpApi
{
    public static void Map(WebApplication app, ApiContext api, NodeSecurity security)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseMiddleware<AccessMiddleware>(security);
        app.UseRouting();
        var publish = new PublishEndpoint(api);
        var read = new ReadEndpoint(api);
        var channels = new ChannelEndpoints(api);
        var archive = new ArchiveEndpoints(api);
        var health = new HealthEndpoints(api);
        Route(app, "POST", "/channels/{channel}/events", c => publish.HandleAsync(c, Channel(c)));
        Route(app, "GET", "/channels/{channel}/events", c => read.HandleAsync(c, Channel(c)));
        Route(app, "GET", "/channels", channels.ListAsync);
        Route(app, "GET", "/channels/{channel}", c => channels.ShowAsync(c, Channel(c)));
        Route(app, "POST", "/channels/{channel}", c => channels.CreateAsync(c, Channel(c)));
        Route(app, "POST", "/archive/seal", archive.SealAsync);
        Route(app, "GET", "/archive/files", archive.ListAsync);
        Route(app, "POST", "/archive/verify", archive.VerifyAsync);
        Route(app, "GET", "/health/live", health.LiveAsync);
        Route(app, "GET", "/health/ready", health.ReadyAsync);
        Route(app, "GET", "/", c => c.Response.WriteAsJsonAsync(new Greeting("TattleTail", NodeVersion.Text, "docs/http-api.md")));
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapFallback(NotFoundAsync);
    }

    private static void Route(WebApplication app, string method, string pattern, RequestDelegate handle) => app.MapMethods(pattern, [method], handle);

    private static string Channel(HttpContext context) => (string)context.Request.RouteValues["channel"]!;

    private static Task NotFoundAsync(HttpContext context) =>
        throw new ProblemException(404, "No such resource", $"nothing answers to {context.Request.Method} {context.Request.Path}", "docs/http-api.md lists what does");

    private sealed record Greeting(string Product, string Version, string Documentation);
}
