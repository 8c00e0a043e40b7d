using System.Diagnostics;
using System.Diagnostics.Metrics;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew;

/// <summary>The endpoint's instruments, on the meter <see cref="MeterName"/>. Labels are apis and error names; never a client, a channel or a key.</summary>
public sealed class SpewMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TattleTail.Spew";

    private static readonly Dictionary<ErrorCode, string> ErrorNames = Enum.GetValues<ErrorCode>().ToDictionary(code => code, code => code.ToString());

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _errors;
    private readonly UpDownCounter<long> _connections;
    private readonly Counter<long> _refused;
    private readonly UpDownCounter<long> _requestMemory;

    /// <summary>Creates the instruments.</summary>
    public SpewMetrics()
    {
        _duration = _meter.CreateHistogram<double>("tattletail.spew.request.duration", "s", "Time from a whole request to its whole answer; fetches include their wait for events.");
        _errors = _meter.CreateCounter<long>("tattletail.spew.errors", "{error}", "Error codes answered, per partition, topic or request as the protocol has it.");
        _connections = _meter.CreateUpDownCounter<long>("tattletail.spew.connections", "{connection}", "Open connections.");
        _refused = _meter.CreateCounter<long>("tattletail.spew.refused", "{connection}", "Connections closed because they sent what is no request.");
        _requestMemory = _meter.CreateUpDownCounter<long>("tattletail.spew.request.memory", "By", "Memory of requests being read or served.");
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    internal void ConnectionOpened() => _connections.Add(1);

    internal void ConnectionClosed() => _connections.Add(-1);

    internal void FrameRefused() => _refused.Add(1);

    internal void RequestMemoryChanged(long bytes) => _requestMemory.Add(bytes);

    internal void RequestServed(string api, TimeSpan elapsed) => _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("api", api));

    internal void ErrorAnswered(string api, ErrorCode error) => _errors.Add(1, new TagList { { "api", api }, { "error", ErrorNames[error] } });
}
