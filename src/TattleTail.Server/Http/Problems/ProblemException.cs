namespace TattleTail.Server.Http.Problems;

/// <summary>A request is answered with a problem (RFC 9457).</summary>
internal sealed class ProblemException(int status, string title, string detail, string? whatToDo = null, Exception? inner = null) : Exception(detail, inner)
{
    /// <summary>The HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>What is wrong, in few words that don't change from case to case.</summary>
    public string Title { get; } = title;

    /// <summary>What the client should do.</summary>
    public string? WhatToDo { get; } = whatToDo;

    /// <summary>The line of an NDJSON body that is wrong, from 1.</summary>
    public long? Line { get; init; }

    /// <summary>Events of the request that were recorded all the same.</summary>
    public long? Accepted { get; init; }

    /// <summary>How the client can log in (RFC 9110, <c>WWW-Authenticate</c>).</summary>
    public string? Challenge { get; init; }

    /// <summary>When trying again may help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>A wrong query parameter.</summary>
    public static ProblemException Parameter(string name, string fault) => new(400, "A parameter is wrong", $"{name}: {fault}", "correct the parameter");

    /// <summary>No such channel.</summary>
    public static ProblemException NoChannel(string name, string whatToDo) => new(404, "No such channel", $"there is no channel '{name}'", whatToDo);

    /// <summary>The same problem, found in a line of NDJSON after so many events were recorded.</summary>
    public ProblemException AtLine(long line, long accepted) =>
        new(Status, Title, $"line {line}: {Message}", WhatToDo, InnerException) { Line = line, Accepted = accepted, RetryAfterSeconds = RetryAfterSeconds };
}
