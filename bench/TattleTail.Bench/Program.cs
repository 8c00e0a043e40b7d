using TattleTail.Bench;

// dotnet run -c Release --project bench/TattleTail.Bench -- [codec] [journal] [archive] [log [SECONDS [EVENTS A SECOND]]] [spew [KAFKA]] ; without arguments: all but the comparison with Kafka.
var names = args.Length == 0 ? ["codec", "journal", "archive", "log", "spew"] : args;
Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, {DateTime.UtcNow:yyyy-MM-dd}");
for (var i = 0; i < names.Length; i++)
{
    var next = i + 1 < names.Length ? names[i + 1] : null;
    switch (names[i])
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
        case "spew":
            var kafka = next is not null && next.Contains(':', StringComparison.Ordinal) ? next : null;
            i += kafka is null ? 0 : 1;
            await SpewBenchmark.RunAsync(Console.Out, kafka);
            break;
        default:
            Console.Error.WriteLine($"no benchmark '{names[i]}': codec, journal, archive, log [SECONDS [EVENTS A SECOND]], spew [HOST:PORT of Apache Kafka]");
            return 2;
    }
}

return 0;
