using System.Buffers;

namespace TattleTail.Archive;

/// <summary>Encodes one Parquet file in memory. Not for concurrent use.</summary>
public sealed class ArchiveFileWriter : IDisposable
{
    /// <summary>Estimated bytes of the file if it were finished now.</summary>
    public long EstimatedBytes => throw new NotImplementedException();

    /// <summary>Events so far.</summary>
    public long Events => throw new NotImplementedException();

    /// <summary>
    /// Adds the events of a batch from <paramref name="fromOffset"/> on. All of a file's events lie in one month of recording (UTC); <see cref="ArgumentException"/> otherwise, or when they are out of order.
    /// </summary>
    public void Append(int partition, long recordedAtMicros, ReadOnlySpan<byte> batch, long fromOffset) => throw new NotImplementedException();

    /// <summary>Completes the file.</summary>
    public EncodedFile Finish() => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>A finished file that is not yet in the table. Holds its bytes until disposed.</summary>
public sealed class EncodedFile : IDisposable
{
    /// <summary>The file as it will be listed.</summary>
    public ArchiveFile File => throw new NotImplementedException();

    /// <summary>Its bytes.</summary>
    public ReadOnlySequence<byte> Content => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}
