using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TattleTail.Log;
using TattleTail.Server.Http;

namespace TattleTail.Server.Health;

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
internal sealed class HealthEndpoints(ApiContext api)
{
    private readonly DateTimeOffset _started = api.Clock.GetUtcNow();

    public Task LiveAsync(HttpContext context) => WriteAsync(context, new LogHealth(HealthStatus.Green, "the process answers", _started, null));

    public Task ReadyAsync(HttpContext context) =>
        WriteAsync(context, api.Stopping.IsCancellationRequested ? new LogHealth(HealthStatus.Red, "the node is stopping", api.Clock.GetUtcNow(), "wait until it is started again") : api.Log.Health);

    private static async Task WriteAsync(HttpContext context, LogHealth health)
    {
        context.Response.StatusCode = health.Status == HealthStatus.Red ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", health.Status switch { HealthStatus.Green => "green", HealthStatus.Yellow => "yellow", _ => "red" });
        json.WriteString("reason", health.Reason);
        json.WriteString("since", health.Since.UtcDateTime);
        json.WriteString("whatToDo", health.WhatToDo);
        json.WriteEndObject();
    }
}
