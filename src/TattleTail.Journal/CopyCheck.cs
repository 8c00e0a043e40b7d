namespace TattleTail.Journal;

/// <summary>
/// Compares relocated batches with their originals, as long as those are there: an equal copy is one entry, an unequal one is damage. Both are there only after a crash between a relocation and the trim.
/// </summary>
internal sealed class CopyCheck(SegmentCatalog catalog, int maxEntryBytes)
{
    /// <summary>The copies in a segment that differ from their originals.</summary>
    public IEnumerable<JournalCorruption> Unequal(Segment segment)
    {
        foreach (var list in segment.Directory.Where(list => list.Key.Relocated))
        {
            var original = list.Key with { Relocated = false };
            foreach (var copy in catalog.Batches(segment, list.Key, list.FirstOffset, long.MaxValue, long.MaxValue))
            {
                if (!IsAloneOrEqual(segment, copy, original))
                {
                    yield return new JournalCorruption(
                        segment.Number, copy.Position, copy.Position + EntryHeader.SizeOf(copy.PayloadLength),
                        $"the relocated copy of offsets {copy.FirstOffset}–{copy.LastOffset} differs from its original");
                }
            }
        }
    }

    private bool IsAloneOrEqual(Segment segment, in IndexedBatch copy, ListKey originals)
    {
        if (catalog.Hold(originals, copy.FirstOffset) is not { } run)
        {
            return true;
        }

        try
        {
            var found = catalog.Batches(run.Segment, originals, copy.FirstOffset, long.MaxValue, 1);
            if (found.Count == 0 || !found[0].Overlaps(copy))
            {
                return true;
            }

            using var one = new EntryReader(segment, maxEntryBytes);
            using var other = new EntryReader(run.Segment, maxEntryBytes);
            return one.TryRead(copy.Position, long.MaxValue, out _) && other.TryRead(found[0].Position, long.MaxValue, out _)
                && one.Payload.Span.SequenceEqual(other.Payload.Span);
        }
        finally
        {
            catalog.Release(run.Segment);
        }
    }
}
