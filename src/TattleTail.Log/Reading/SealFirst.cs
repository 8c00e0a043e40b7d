using TattleTail.Log.Sealing;

namespace TattleTail.Log.Reading;

/// <summary>Where all is read through the archive, sees to it that what is to be read lies there. Does nothing otherwise.</summary>
internal sealed class SealFirst(LogCore log, Func<SealRequests> requests)
{
    /// <summary>Completes when everything below an offset is in the archive. Fails as sealing does.</summary>
    public async ValueTask BeforeReadAsync(LogPartition partition, long high)
    {
        if (log.Options.ReadThroughArchive && partition.SealedThrough < high)
        {
            await requests().Add(partition.Channel.Name);
        }
    }
}
