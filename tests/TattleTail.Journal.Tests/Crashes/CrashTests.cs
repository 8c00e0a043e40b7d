using TattleTail.Platform;

namespace TattleTail.Journal.Tests.Crashes;

/// <summary>Whatever call is the last one before the power goes, or fails: nothing acknowledged is lost, and the journal goes on.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public async Task Crash_InAnyCall_KeepsWhatWasAcknowledged(int mood, int step)
    {
        var done = false;
        for (var call = 1; !done; call += step)
        {
            var files = new MemoryFiles(call);
            var work = new Workload(files);
            done = await RunUntilFaultAsync(work, () => files.CrashAt = call) is null;
            files.PowerCut((CrashMood)mood);
            await RecoverAsync(work, $"call {call}");
        }
    }

    [Fact]
    public async Task Crash_InAnyCallOfRecovery_KeepsWhatWasAcknowledged()
    {
        for (var call = 5; call < 400; call += 23)
        {
            var files = new MemoryFiles(call);
            var work = new Workload(files);
            await RunUntilFaultAsync(work, () => files.CrashAt = call);
            files.PowerCut(CrashMood.AnyOrder);
            for (var again = 1; again < 40; again++)
            {
                files.CrashAt = again;
                try
                {
                    await (await work.OpenAsync()).DisposeAsync();
                    break;
                }
                catch (FileSystemException)
                {
                    files.PowerCut(again % 3 == 0 ? CrashMood.KeepAll : CrashMood.AnyOrder);
                }
            }

            files.CrashAt = 0;
            await RecoverAsync(work, $"call {call}");
        }
    }

    [Theory]
    [InlineData(FileSystemError.Failed)]
    [InlineData(FileSystemError.NoSpace)]
    public async Task Failure_OfAnyCall_FaultsAndReopensInProcess(FileSystemError error)
    {
        var done = false;
        for (var call = 1; !done; call++)
        {
            var files = new MemoryFiles(call) { FailWith = error };
            var work = new Workload(files);
            long? durable = null;
            done = await RunUntilFaultAsync(work, () => files.FailAt = call, journal => durable = journal.Durable) is null;
            files.FailAt = 0;
            await RecoverAsync(work, $"call {call}", done ? null : durable);
            files.PowerCut(CrashMood.LoseAll);
            await RecoverAsync(work, $"call {call}, power cut");
        }
    }

    [Fact]
    public async Task Failure_OfAnyCallOfReopening_CanBeTriedAgain()
    {
        for (var call = 1; call < 60; call++)
        {
            var files = new MemoryFiles(call);
            var work = new Workload(files);
            await using (var journal = await work.OpenAsync())
            {
                await work.AppendAsync(journal, 40);
            }

            files.FailAt = files.Calls + call;
            try
            {
                await (await work.OpenAsync()).DisposeAsync();
            }
            catch (FileSystemException)
            {
                Assert.Equal(0, files.OpenHandles);
            }

            files.FailAt = 0;
            await RecoverAsync(work, $"call {call}");
        }
    }

    /// <summary>Runs the workload; what stopped it, or null when it got to its end.</summary>
    private static async Task<Exception?> RunUntilFaultAsync(Workload work, Action arm, Action<WriteAheadJournal>? faulted = null)
    {
        arm();
        WriteAheadJournal? journal = null;
        try
        {
            journal = await work.OpenAsync();
            await work.RunAsync(journal);
            return null;
        }
        catch (Exception e) when (e is FileSystemException or JournalFaultedException)
        {
            if (journal is not null)
            {
                faulted?.Invoke(journal);
            }

            return e;
        }
        finally
        {
            if (journal is not null)
            {
                await journal.DisposeAsync();
            }
        }
    }

    private static async Task RecoverAsync(Workload work, string after, long? abandonAbove = null)
    {
        try
        {
            await work.RecoverAndCheckAsync(abandonAbove);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"after {after}: {e.Message}", e);
        }
    }
}
