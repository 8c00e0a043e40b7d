using TattleTail.Bench;
using TattleTail.Bench.Load;

// dotnet run -c Release --project bench/TattleTail.Bench -- [codec] [journal] [archive] [log [SECONDS [EVENTS A SECOND]]] [spew [KAFKA]] [load [KAFKA]] [tail [KAFKA]] [idle] ; without arguments: all but the comparison with Kafka.
if (args is [TailBenchmark.ReadersCommand, var bootstrap])
{
    await TailBenchmark.ReadAsync(Console.Out, bootstrap);
    return 0;
}

var names = args.Length == 0 ? ["codec", "journal", "archive", "log", "spew", "load", "tail", "idle"] : args;
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
for (var i = 0; i < names.Length; i++)
{
    var next = i + 1 < names.Length ? names[i + 1] : null;
    var name = names[i];
    switch (name)
    {
        case "codec":
            CodecBenchmark.Run(Console.Out);
            break;
        case "journal":
            await JournalBenchmark.RunAsync(Console.Out);
            break;
        case "archive":
            await ArchiveBenchmark.RunAsync(Console.Out);
            break;
        case "log":
            var seconds = int.TryParse(next, out var given) ? given : 30;
            i += next is not null && int.TryParse(next, out _) ? 1 : 0;
            var rate = i + 1 < names.Length && int.TryParse(names[i + 1], out var wanted) ? wanted : double.PositiveInfinity;
            i += double.IsFinite(rate) ? 1 : 0;
            await LogBenchmark.RunAsync(Console.Out, TimeSpan.FromSeconds(seconds), rate);
            break;
        case "spew" or "load" or "tail":
            var kafka = next is not null && next.Contains(':', StringComparison.Ordinal) ? next : null;
            i += kafka is null ? 0 : 1;
            await (name switch { "spew" => SpewBenchmark.RunAsync(Console.Out, kafka), "load" => LoadBenchmark.RunAsync(Console.Out, kafka), _ => TailBenchmark.RunAsync(Console.Out, kafka) });
            break;
        case "idle":
            await IdleBenchmark.RunAsync(Console.Out);
            break;
        default:
            Console.Error.WriteLine($"no benchmark '{name}': codec, journal, archive, log [SECONDS [EVENTS A SECOND]], spew, load, tail [HOST:PORT of Apache Kafka], idle");
            return 2;
    }
}

return 0;
