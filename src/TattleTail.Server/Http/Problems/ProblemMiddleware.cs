using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TattleTail.Server.Http.Problems;

/// <summary>Turns what a request throws into a problem, or, once the answer has begun, breaks the connection off so that nobody takes it for whole.</summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or ConnectionAbortedException or ConnectionResetException or BadHttpRequestException)
        {
            HttpEvents.ClientLeft(logger, context.Request.Method, context.Request.Path);
        }
#pragma warning disable CA1031 // The last stop of every request: what nobody foresaw is logged with its trace and answered with 500.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await AnswerAsync(context, e);
        }
    }

    private async Task AnswerAsync(HttpContext context, Exception e)
    {
        var problem = Problems.Of(e);
        if (problem is null or { Status: 500 })
        {
            HttpEvents.RequestFailed(logger, e, context.Request.Method, context.Request.Path);
        }

        if (context.Response.HasStarted)
        {
            HttpEvents.AnswerBrokenOff(logger, context.Request.Method, context.Request.Path, e.Message);
            context.Abort();
            return;
        }

        await WriteAsync(context, problem ?? new ProblemException(500, "An internal error", "the node's log says more", "report it with the node's log"));
    }

    private static async Task WriteAsync(HttpContext context, ProblemException problem)
    {
        var response = context.Response;
        response.Clear();
        response.StatusCode = problem.Status;
        response.ContentType = "application/problem+json";
        if (problem.Challenge is { } challenge)
        {
            response.Headers.WWWAuthenticate = challenge;
        }

        if (problem.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        await using (var json = new Utf8JsonWriter(response.BodyWriter, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("status", problem.Status);
            json.WriteString("title", problem.Title);
            json.WriteString("detail", problem.Message);
            WriteOptional(json, "whatToDo", problem.WhatToDo);
            WriteOptional(json, "line", problem.Line);
            WriteOptional(json, "accepted", problem.Accepted);
            json.WriteString("instance", context.Request.Path);
            json.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync();
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, long? value)
    {
        if (value is not null)
        {
            json.WriteNumber(name, value.Value);
        }
    }
}
