using System.Diagnostics;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Sends lines in batches, one after the other so that their order stays, while the next is read and prepared. Each batch is durable before the next is sent, so it always knows how far it came.
/// </summary>
internal sealed class LinePublisher(PublishRequest request, NodeApi node, CommandConsole console)
{
    private const int MaxBatchBytes = 2 * 1024 * 1024;
    private const int MaxBatchLines = 8_000;

    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private long _published;
    private long _throughLine;

    /// <summary>Publishes all lines of the input; a fault names its line.</summary>
    public async Task<int> RunAsync(Stream input, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var queue = new LineQueue(MaxBatchBytes, MaxBatchLines);
        using var progress = new ProgressLine(console);
        var reading = Task.Run(() => ReadAsync(input, queue, stop.Token), CancellationToken.None);
        try
        {
            while (await queue.TakeAsync(cancel) is { } batch)
            {
                await SendAsync(batch, cancel);
                progress.Show(() => $"published {Summary()}");
            }
        }
        catch (LineException fault)
        {
            progress.Dispose();
            throw Stopped(fault.Line, fault.Message);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            progress.Dispose();
            console.Error.WriteLine($"published {Summary()}; what follows line {_throughLine} may or may not be");
            throw;
        }
        finally
        {
            await stop.CancelAsync();
        }

        await reading;
        progress.Dispose();
        console.Error.WriteLine($"published {Summary()}");
        return ExitCode.Ok;
    }

    private async Task ReadAsync(Stream input, LineQueue queue, CancellationToken cancel)
    {
        try
        {
            var parser = new LineParser(request.Raw, request.Key, TimeProvider.System);
            await foreach (var line in InputLines.ReadAsync(input, cancel))
            {
                await queue.AddAsync(parser.Parse(line), cancel);
            }

            queue.Complete(null);
        }
        catch (Exception fault) when (fault is LineException or OperationCanceledException)
        {
            queue.Complete(fault);
        }
        catch (IOException fault)
        {
            queue.Complete(new CommandException(ExitCode.Failed, $"{request.File ?? "standard input"} can't be read on ({fault.Message})", fault));
        }
    }

    private async Task SendAsync(List<InputLine> batch, CancellationToken cancel)
    {
        NodeProblem? problem;
        try
        {
            using var content = new LinesContent(batch);
            problem = await node.PublishAsync(request.ToPath(), content, cancel);
        }
        catch (CommandException fault)
        {
            throw new CommandException(fault.Code, [fault.Message, $"{Published()}; what follows line {_throughLine} may or may not be"]);
        }

        if (problem is null)
        {
            _published += batch.Count;
            _throughLine = batch[^1].Number;
            return;
        }

        _published += problem.Accepted ?? 0;
        if (problem.Line is { } at && at <= batch.Count)
        {
            var line = batch[(int)at - 1].Number;
            var prefix = $"line {at}: ";
            var detail = problem.Detail ?? problem.Title ?? "refused";
            throw Stopped(line, detail.StartsWith(prefix, StringComparison.Ordinal) ? detail[prefix.Length..] : detail, problem.WhatToDo);
        }

        throw new CommandException(problem.ToException().Code, [problem.ToException().Message, Published()]);
    }

    private CommandException Stopped(long line, string fault, string? whatToDo = null) =>
        new(ExitCode.Failed, [$"line {line}: {fault}{(whatToDo is null ? "" : $": {whatToDo}")}", $"{Published()}: the lines before line {line} stay, it and what follows it are not"]);

    private string Published() => $"published {Summary()}";

    private string Summary()
    {
        var rate = _published / Math.Max(0.001, _elapsed.Elapsed.TotalSeconds);
        return $"{Wording.Count(_published, "event")} to {request.Channel} in {Wording.Span(_elapsed.Elapsed)} ({Wording.Number((long)rate)}/s)";
    }
}
