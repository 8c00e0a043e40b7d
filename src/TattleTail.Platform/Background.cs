namespace TattleTail.Platform;

/// <summary>Manners of threads that have much to do and nobody who waits for them.</summary>
public static class Background
{
    /// <summary>
    /// Lets others run who are ready to; costs less than a microsecond when there are none. To be called about every tenth of a millisecond. A Linux kernel with lazy preemption, or none, lets even a
    /// thread of the idle policy run on until its next system call or clock tick, up to 4 ms, when another thread wakes up on its processor: that is what an acknowledgement would wait for.
    /// </summary>
    public static void GiveWay() => Thread.Yield();
}
