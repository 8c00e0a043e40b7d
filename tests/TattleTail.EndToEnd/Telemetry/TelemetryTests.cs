using System.Text;
using System.Text.Json;
using TattleTail.EndToEnd.Crashes;

namespace TattleTail.EndToEnd.Telemetry;

/// <summary>What a node tells collectors, by the standard environment variables and by its log.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task Node_WithACollector_SendsItMetricsTracesAndLogs_AndLogsJson()
    {
        var folder = Directory.CreateTempSubdirectory("tattletail-telemetry-").FullName;
        await using var collector = new Collector();
        using var node = new NodeProcess(Path.Combine(folder, "data"))
        {
            Environment =
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "300",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "300",
                ["TATTLETAIL_LOG_FORMAT"] = "json",
            },
        };

        await node.StartAsync();
        using var http = new HttpClient();
        using var published = await http.PostAsync(node.Url("/channels/orders/events"), new StringContent("{\"body\":\"x\"}\n", Encoding.UTF8, "application/x-ndjson"));
        Assert.True(published.IsSuccessStatusCode, node.Said);

        foreach (var (path, text) in ((string, string)[])[("/v1/metrics", "tattletail.journal"), ("/v1/traces", "/channels/{channel}/events"), ("/v1/logs", "TattleTail.Server")])
        {
            await node.WaitForAsync(() => Task.FromResult(collector.Got(path, text)), $"seen at the collector's {path} with {text}", TimeSpan.FromSeconds(30));
        }

        var lines = node.Lines("{");
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            using var json = JsonDocument.Parse(line);
            Assert.True(json.RootElement.GetProperty("time").GetDateTimeOffset() > DateTimeOffset.UtcNow.AddMinutes(-5));
            Assert.NotEmpty(json.RootElement.GetProperty("message").GetString()!);
            Assert.Contains(json.RootElement.GetProperty("level").GetString(), (string[])["trace", "debug", "info", "warn", "error", "fatal"]);
        });

        node.Kill();
        Directory.Delete(folder, recursive: true);
    }
}
