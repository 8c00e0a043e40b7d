using Microsoft.Extensions.Logging;
using TattleTail.Log;
using TattleTail.Log.Groups;

namespace TattleTail.Spew.Groups;

/// <summary>
/// A group at work: gives it the time, wakes it when something is due, and saves what must outlive a restart before anybody is told of it. Safe for concurrent use.
/// </summary>
internal sealed class LiveGroup : IDisposable
{
    private readonly Group _group;
    private readonly GroupStore _store;
    private readonly MemberBytes _memory;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private long _armedUntil = long.MaxValue;
    private long _bytes;

    // When it lost its last member, or began; ms since 1970. What it committed is kept from then on.
    private long _emptySince;

    public LiveGroup(string name, GroupOptions options, GroupStore store, MemberBytes memory, TimeProvider clock, ILogger logger)
    {
        _group = new Group(name, options);
        _store = store;
        _memory = memory;
        _clock = clock;
        _logger = logger;
        _emptySince = clock.GetUtcNow().ToUnixTimeMilliseconds();
        _timer = clock.CreateTimer(static self => ((LiveGroup)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => _group.Name;

    private long Now => (long)_clock.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Looks at the group.</summary>
    public T Look<T>(Func<Group, T> look)
    {
        lock (_group.Gate)
        {
            return look(_group);
        }
    }

    /// <summary>Hears a sign of life. It changes nothing to be saved or measured, and brings no deadline nearer, so it costs the same in a group of any size.</summary>
    public T Hear<T>(Func<Group, long, T> sign)
    {
        lock (_group.Gate)
        {
            return sign(_group, Now);
        }
    }

    /// <summary>
    /// Does something with the group. The result is given when what came of it is saved; an operation that waits for other members returns their task, to be awaited afterwards.
    /// </summary>
    public ValueTask<T> RunAsync<T>(Func<Group, long, T> operation) => RunAsync(operation, false);

    /// <summary>Goes on with what was kept of the group.</summary>
    public void Restore(ReadOnlyMemory<byte> membership)
    {
        StoredMembership stored = StoredMembership.Decode(membership);
        lock (_group.Gate)
        {
            _emptySince = stored.EmptySince;
            _group.Restore(stored, Now);
            Measure();
            Arm(false);
        }
    }

    /// <summary>Ends the group and drops its commits. False when it has members. After it, whoever still holds the group is told to look for it again.</summary>
    public async ValueTask<bool> TryDeleteAsync()
    {
        if (!Look(group => group.TryDelete()))
        {
            return false;
        }

        try
        {
            await _store.DeleteAsync(Name);
            return true;
        }
        catch (LogUnavailableException)
        {
            Look(group => group.Revive());
            throw;
        }
    }

    /// <summary>Drops commits that nobody has used for so long. True when nothing is left of the group and it may be deleted.</summary>
    public async ValueTask<bool> ExpireAsync(TimeSpan retention)
    {
        DateTimeOffset oldest = _clock.GetUtcNow() - retention;
        if (Look(group => group.HasMembers) || DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref _emptySince)) > oldest)
        {
            return Look(group => group.IsUnused) && (await _store.CommitsAsync(Name)).Count == 0;
        }

        IReadOnlyList<CommittedOffset> commits = await _store.CommitsAsync(Name);
        LogPartition[] expired = [.. commits.Where(c => c.CommittedAt <= oldest).Select(c => c.Partition)];
        if (expired.Length > 0 && expired.Length < commits.Count)
        {
            await _store.ForgetAsync(Name, expired);
        }

        return expired.Length == commits.Count;
    }

    public void Dispose() => _timer.Dispose();

    private async ValueTask<T> RunAsync<T>(Func<Group, long, T> operation, bool hasFired)
    {
        T result;
        (int Generation, Task Done)? saving;
        lock (_group.Gate)
        {
            result = operation(_group, Now);
            Measure();
            saving = Save();
            Arm(hasFired);
        }

        while (saving is { } running)
        {
            bool isDurable = await IsDurableAsync(running.Done);
            lock (_group.Gate)
            {
                _group.Saved(running.Generation, isDurable, Now);
                saving = Save();
                Arm(false);
            }
        }

        return result;
    }

    private void Measure()
    {
        long bytes = _group.Members.Bytes;
        _memory.Change(bytes - _bytes);
        _bytes = bytes;
    }

    /// <summary>Queues what must be saved, under the group's lock, so that a later generation is never overtaken by an earlier one.</summary>
    private (int Generation, Task Done)? Save()
    {
        if (_group.TakeUnsaved() is not { } unsaved)
        {
            return null;
        }

        Interlocked.Exchange(ref _emptySince, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        unsaved.EmptySince = _emptySince;
        return (unsaved.Generation, _store.SaveAsync(Name, unsaved.Encode()).AsTask());
    }

    private async Task<bool> IsDurableAsync(Task saving)
    {
        try
        {
            await saving;
            return true;
        }
        catch (Exception e) when (e is LogUnavailableException or GroupsFullException)
        {
            SpewEvents.GroupNotSaved(_logger, Name, e.Message);
            return false;
        }
    }

    // What cannot be saved is logged, and told to the members.
    private void Wake() => _ = WakeAsync();

    private async Task WakeAsync() => await RunAsync(
        static (group, now) =>
        {
            group.Tick(now);
            return true;
        },
        hasFired: true);

    /// <summary>Sees to it that the timer fires when the next deadline comes. A deadline that only moved away costs nothing: the timer finds out when it fires. Under the group's lock.</summary>
    private void Arm(bool hasFired)
    {
        long next = _group.NextDeadline;
        if (!hasFired && next >= _armedUntil)
        {
            return;
        }

        _armedUntil = next;
        _timer.Change(next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, next - Now)), Timeout.InfiniteTimeSpan);
    }
}
