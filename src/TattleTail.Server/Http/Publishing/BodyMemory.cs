using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary>The bytes of HTTP bodies that all requests may hold together. Who comes when it is spent is told to try again.</summary>
internal sealed class BodyMemory(long limit)
{
    /// <summary>Default limit in bytes.</summary>
    public const long DefaultLimit = 256L * 1024 * 1024;

    private long _held;

    private long Limit => limit;

    /// <summary>Bytes held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>A share of nothing yet, given back when it is disposed.</summary>
    public Share Take() => new(this);

    /// <summary>What one request holds.</summary>
    internal sealed class Share(BodyMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Changes what is held. Throws <see cref="ProblemException"/> (503) when there is no more.</summary>
        public void Resize(long bytes)
        {
            var change = bytes - _bytes;
            if (Interlocked.Add(ref memory._held, change) > memory.Limit && change > 0)
            {
                Interlocked.Add(ref memory._held, -change);
                throw new ProblemException(503, "Too much is being sent at once", $"all requests together hold {memory.Limit} bytes of bodies that are not yet recorded", "try again") { RetryAfterSeconds = 1 };
            }

            _bytes = bytes;
        }

        /// <inheritdoc />
        public void Dispose() => Resize(0);
    }
}
