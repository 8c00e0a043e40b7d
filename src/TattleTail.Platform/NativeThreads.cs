using System.Runtime.InteropServices;

namespace TattleTail.Platform;

/// <summary>What .NET does not do for threads on Linux.</summary>
internal static partial class NativeThreads
{
    private const int OneProcess = 0; // PRIO_PROCESS, which on Linux is one thread: setpriority(2), "C library/kernel differences"
    private const int Oneself = 0;
    private const int PolicyIdle = 5; // SCHED_IDLE, linux/sched.h
    private const int BelowNormal = 5;

    /// <summary>
    /// Gives the calling thread less of the processor than others when it is below normal. The lowest gets the idle policy and not a nice value: the scheduler lets even a nice thread finish
    /// its slice of some milliseconds before one that wakes up, an idle one only until its next system call or clock tick (<see cref="Background.GiveWay"/>). Nothing above normal, which takes privileges, and nothing on other systems, where .NET does it.
    /// A system that refuses leaves the thread as it is: it works all the same.
    /// </summary>
    public static unsafe void SetPriority(ThreadPriority priority)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (priority == ThreadPriority.Lowest)
        {
            var parameters = 0;
            _ = SetScheduler(Oneself, PolicyIdle, &parameters);
        }
        else if (priority == ThreadPriority.BelowNormal)
        {
            _ = SetPriority(OneProcess, Oneself, BelowNormal);
        }
    }

    /// <summary>Policy and nice value of the calling thread: 5 is idle, 0 normal; -20 to 19.</summary>
    public static (int Policy, int Nice) Of() => (GetScheduler(Oneself), GetPriority(OneProcess, Oneself));

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int nice);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static unsafe partial int SetScheduler(int thread, int policy, int* parameters);

    [LibraryImport("libc", EntryPoint = "sched_getscheduler")]
    private static partial int GetScheduler(int thread);
}
