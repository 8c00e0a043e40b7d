using TattleTail.Archive.Parquet;
using TattleTail.Storage;

namespace TattleTail.Archive.Reading;

/// <summary>Footers of files that were read, and the row groups decoded last, each bounded by bytes. Safe for concurrent use; two readers that miss at once both load.</summary>
internal sealed class RowGroupCache(IObjectStore store, long footerBytes, long rowBytes)
{
    private readonly BoundedCache<string, FileFooter> _footers = new(footerBytes, f => f.Bytes.Length + (f.RowGroups.Count * 64L));
    private readonly BoundedCache<(string Path, int Group), DecodedRows> _rows = new(rowBytes, r => r.MemoryBytes);

    public async ValueTask<FileFooter> FooterAsync(ArchiveFile file, CancellationToken cancel)
    {
        if (_footers.TryGet(file.Path, out var footer))
        {
            return footer;
        }

        footer = await FileFooter.LoadAsync(store, file, cancel);
        _footers.Add(file.Path, footer);
        return footer;
    }

    public async ValueTask<DecodedRows> RowsAsync(ArchiveFile file, FileFooter footer, int group, CancellationToken cancel)
    {
        if (_rows.TryGet((file.Path, group), out var rows))
        {
            return rows;
        }

        rows = await LoadAsync(store, file, footer, group, cancel);
        _rows.Add((file.Path, group), rows);
        return rows;
    }

    /// <summary>Reads and decodes a row group without keeping it.</summary>
    public static async ValueTask<DecodedRows> LoadAsync(IObjectStore store, ArchiveFile file, FileFooter footer, int group, CancellationToken cancel)
    {
        var place = footer.RowGroups[group];
        var bytes = await FileFooter.ReadAsync(store, file, place.Start, place.Length, cancel);
        return footer.Read(file, (place.Start, bytes), reader =>
        {
            using var rows = reader.RowGroup(group);
            return RowGroupDecoder.Decode(rows);
        });
    }
}
