using System.Globalization;
using TattleTail.Log.State;
using TattleTail.Storage;

namespace TattleTail.Log.Sealing;

/// <summary>
/// Puts the state's snapshot beside the table after each commit, at <c>_tattletail/state/&lt;node&gt;/&lt;version of the table, 20 digits&gt;</c>, from which a node whose disk is gone
/// is restored. The two newest stay.
/// </summary>
internal sealed class StateHints(LogCore log)
{
    private readonly Queue<string> _kept = new();
    private bool _listed;

    public async ValueTask PutAsync(IObjectStore store, long version)
    {
        ReadOnlyMemory<byte> snapshot;
        lock (log.Gate)
        {
            snapshot = Snapshots.Encode(log.State);
        }

        var prefix = $"_tattletail/state/{log.Options.Node}/";
        if (!_listed)
        {
            await foreach (var stored in store.ListAsync(prefix))
            {
                _kept.Enqueue(stored.Name);
            }

            _listed = true;
        }

        var name = prefix + version.ToString("D20", CultureInfo.InvariantCulture);
        await store.PutHintAsync(name, snapshot);
        if (!_kept.Contains(name))
        {
            _kept.Enqueue(name);
        }

        while (_kept.Count > 2)
        {
            await store.DeleteAsync(_kept.Peek());
            _kept.Dequeue();
        }
    }
}
