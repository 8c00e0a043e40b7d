using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TattleTail.EndToEnd.Clients;

/// <summary>A running script: JSON lines in, JSON lines out. Killed when it is disposed before it ended.</summary>
internal sealed class ClientSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly string _what;

    private ClientSession(Process process, string what)
    {
        _process = process;
        _what = what;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static ClientSession Start(ScriptedClient client, string bootstrap, string scenario)
    {
        (string program, string[] arguments) = client.Command();
        var start = new ProcessStartInfo(program, [.. arguments, bootstrap, scenario]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return new ClientSession(Process.Start(start)!, $"{client.Name} {scenario}");
    }

    /// <summary>Gives a command and takes its answer, which must not be a refusal.</summary>
    public async Task<JsonObject> AskAsync(object command)
    {
        JsonObject answer = await AnswerAsync(command);
        Assert.False(answer.ContainsKey("error"), $"{_what} refused {string.Concat(JsonSerializer.Serialize(command).Take(100))}: {answer.ToJsonString()}");
        return answer;
    }

    /// <summary>Gives a command that must be refused, and takes the code of it.</summary>
    public async Task<string> AskInVainAsync(object command)
    {
        JsonObject answer = await AnswerAsync(command);
        Assert.True(answer.ContainsKey("error"), $"{_what} should have refused {JsonSerializer.Serialize(command)}: {answer.ToJsonString()}");
        return answer["error"]!.ToString();
    }

    public async Task SendAsync(object command)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line; null when the script has closed its output.</summary>
    public Task<JsonObject?> ReadAsync() => ReadForeverAsync().WaitAsync(Patience);

    /// <summary>The next line, however long it takes.</summary>
    public async Task<JsonObject?> ReadForeverAsync() =>
        await _process.StandardOutput.ReadLineAsync() is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>Ends the input; the script must end well by itself.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(_process.ExitCode == 0, $"{_what} ended with {_process.ExitCode}: {await _errors}");
    }

    /// <summary>Ends it and what it started without any chance to say goodbye.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<JsonObject> AnswerAsync(object command)
    {
        await SendAsync(command);
        if (await ReadAsync() is { } answer)
        {
            return answer;
        }

        await _process.WaitForExitAsync().WaitAsync(Patience);
        throw new InvalidOperationException($"{_what} ended with {_process.ExitCode}: {await _errors}");
    }
}
