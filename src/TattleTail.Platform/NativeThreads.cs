using System.Runtime.InteropServices;

namespace TattleTail.Platform;

/// <summary>What .NET does not do for threads on Linux.</summary>
internal static partial class NativeThreads
{
    private const int OneProcess = 0; // PRIO_PROCESS, which on Linux is one thread: setpriority(2), "C library/kernel differences"
    private const int Oneself = 0;

    /// <summary>
    /// Gives the calling thread less of the processor than others when it is below normal. Nothing above normal, which takes privileges, and nothing on other systems, where .NET does it.
    /// A system that refuses leaves the thread as it is: it works all the same.
    /// </summary>
    public static void SetPriority(ThreadPriority priority)
    {
        if (OperatingSystem.IsLinux() && priority < ThreadPriority.Normal)
        {
            _ = SetPriority(OneProcess, Oneself, priority == ThreadPriority.BelowNormal ? 5 : 15);
        }
    }

    /// <summary>The nice value of the calling thread, -20 to 19.</summary>
    public static int Nice() => GetPriority(OneProcess, Oneself);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);
}
