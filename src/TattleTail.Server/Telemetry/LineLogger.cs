using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TattleTail.Server.Configuration;

namespace TattleTail.Server.Telemetry;

/// <summary>Writes each log entry as one line: text for people, or a JSON object for collectors.</summary>
internal sealed class LineLoggerProvider(TextWriter output, LogFormat format, TimeProvider clock) : ILoggerProvider
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new LineLogger(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            output.Flush();
        }
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            output.WriteLine(line);
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider, string category) : ILogger
    {
        private readonly LineLoggerProvider _provider = provider;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var time = _provider.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            var message = formatter(state, exception);
            _provider.Write(_provider.Format == LogFormat.Json
                ? Json(time, logLevel, eventId, message, state as IReadOnlyList<KeyValuePair<string, object?>>, exception)
                : Text(time, logLevel, eventId, message, exception));
        }

        private string Text(string time, LogLevel level, EventId id, string message, Exception? exception)
        {
            var line = new StringBuilder(160);
            line.Append(time).Append(' ').Append(Name(level)).Append(' ').Append(category).Append('[').Append(id.Id.ToString(CultureInfo.InvariantCulture)).Append("] ").Append(message);
            if (exception is not null)
            {
                line.Append(": ").Append(exception);
            }

            return line.ToString().ReplaceLineEndings(" | ");
        }

        private string Json(string time, LogLevel level, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception)
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartObject();
                json.WriteString("time", time);
                json.WriteString("level", Name(level).TrimEnd());
                json.WriteString("category", category);
                json.WriteNumber("id", id.Id);
                json.WriteString("message", message);
                if (exception is not null)
                {
                    json.WriteString("exception", exception.ToString());
                }

                json.WriteStartObject("fields");
                foreach (var (key, value) in fields ?? [])
                {
                    if (key != "{OriginalFormat}")
                    {
                        json.WriteString(key, Convert.ToString(value, CultureInfo.InvariantCulture));
                    }
                }

                json.WriteEndObject();
                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(bytes.ToArray());
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info ",
            LogLevel.Warning => "warn ",
            LogLevel.Error => "error",
            _ => "fatal",
        };
    }

    private LogFormat Format => format;

    private TimeProvider Clock => clock;
}
