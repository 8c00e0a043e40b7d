using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using TattleTail.Log;
using TattleTail.Log.Groups;

namespace TattleTail.Spew.Groups;

/// <summary>All consumer groups of the node: finds and makes them, reads back those that were kept, and forgets those that nobody uses any more. Safe for concurrent use.</summary>
internal sealed class GroupCoordinator(EventLog log, GroupOptions options, TimeProvider clock, ILogger logger) : IDisposable
{
    private static readonly TimeSpan CleanUpEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, LiveGroup> _groups = new(StringComparer.Ordinal);
    private readonly MemberBytes _memory = new(options.MaxMemberBytes);
    private Task? _loading;
    private ITimer? _cleanUp;
    private bool _isDisposed;

    public GroupOptions Options => options;

    /// <summary>Where commits are kept.</summary>
    public GroupStore Store => log.Groups;

    /// <summary>All groups.</summary>
    public IReadOnlyCollection<LiveGroup> All => [.. _groups.Values];

    /// <summary>
    /// Reads the groups that were kept, once; all other methods come after it. A <see cref="LogUnavailableException"/> when the log cannot tell now: the next call tries again.
    /// </summary>
    public Task LoadAsync()
    {
        lock (_gate)
        {
            if (_loading is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _loading = ReadAllAsync();
            }

            return _loading;
        }
    }

    /// <summary>A group that is known; null otherwise.</summary>
    public LiveGroup? Find(string name) => _groups.GetValueOrDefault(name);

    /// <summary>A group, made when it is not known. Null when there are as many as may be.</summary>
    public LiveGroup? FindOrMake(string name)
    {
        if (_groups.TryGetValue(name, out LiveGroup? known))
        {
            return known;
        }

        lock (_gate)
        {
            return _groups.Count >= options.MaxGroups ? null : _groups.GetOrAdd(name, Make);
        }
    }

    /// <summary>Whether members may say, or be assigned, so many bytes more.</summary>
    public bool HasRoom(long bytes) => _memory.HasRoom(bytes);

    /// <summary>Ends a group and drops its commits. False when it has members.</summary>
    public async ValueTask<bool> DeleteAsync(LiveGroup group)
    {
        if (!await group.TryDeleteAsync())
        {
            return false;
        }

        _groups.TryRemove(KeyValuePair.Create(group.Name, group));
        group.Dispose();
        return true;
    }

    /// <summary>Stops the timers.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            _cleanUp?.Dispose();
        }

        foreach (LiveGroup group in _groups.Values)
        {
            group.Dispose();
        }
    }

    /// <summary>Drops commits and groups that nobody has used for the time that they are kept.</summary>
    public async Task CleanUpAsync()
    {
        foreach (LiveGroup group in _groups.Values)
        {
            try
            {
                if (await group.ExpireAsync(options.Retention))
                {
                    await DeleteAsync(group);
                }
            }
            catch (LogUnavailableException e)
            {
                SpewEvents.GroupNotSaved(logger, group.Name, e.Message);
                return;
            }
        }
    }

    private LiveGroup Make(string name) => new(name, options, log.Groups, _memory, clock, logger);

    private async Task ReadAllAsync()
    {
        foreach (StoredGroup stored in await log.Groups.AllAsync())
        {
            LiveGroup group = _groups.GetOrAdd(stored.Name, Make);
            if (stored.Membership.Length > 0)
            {
                group.Restore(stored.Membership);
            }
        }

        lock (_gate)
        {
            _cleanUp = _isDisposed ? null : clock.CreateTimer(_ => _ = CleanUpAsync(), null, CleanUpEvery, CleanUpEvery);
        }
    }
}
