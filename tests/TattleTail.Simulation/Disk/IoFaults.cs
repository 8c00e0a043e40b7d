using TattleTail.Platform;

namespace TattleTail.Simulation.Disk;

/// <summary>A call that reached the simulated disk.</summary>
internal readonly record struct IoCall(long Number, string Operation, string Path, long Position, long Length);

/// <summary>Which calls fail, and at which one the machine stops.</summary>
internal sealed class IoFaults(Random random)
{
    /// <summary>Calls so far.</summary>
    public long Calls { get; private set; }

    /// <summary>Of ten thousand calls, how many fail.</summary>
    public int PerTenThousand { get; set; }

    /// <summary>The one call that fails, by its number; 0: none.</summary>
    public long FailCall { get; set; }

    /// <summary>The call during which the machine stops; 0: none.</summary>
    public long CrashCall { get; set; }

    /// <summary>Of those, which may fail; all when null.</summary>
    public Func<IoCall, bool>? Only { get; set; }

    /// <summary>Failures dealt out.</summary>
    public long Failures { get; private set; }

    /// <summary>Counts a call and tells how it fails, or null.</summary>
    public FileSystemError? Next(string operation, string path, long position, long length, out bool crash)
    {
        var call = new IoCall(++Calls, operation, path, position, length);
        crash = call.Number == CrashCall;
        var fails = call.Number == FailCall || (PerTenThousand > 0 && random.Next(10_000) < PerTenThousand);
        if (!fails || (Only is not null && !Only(call)))
        {
            return null;
        }

        Failures++;
        return operation is "write" or "allocate" or "create" && random.Next(3) == 0 ? FileSystemError.NoSpace : FileSystemError.Failed;
    }

    /// <summary>Nothing fails any more.</summary>
    public void Heal()
    {
        PerTenThousand = 0;
        FailCall = 0;
        CrashCall = 0;
        Only = null;
    }
}
