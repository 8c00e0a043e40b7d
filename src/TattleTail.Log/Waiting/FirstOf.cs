namespace TattleTail.Log.Waiting;

/// <summary>
/// Waits for the first of two tasks on the caller's scheduler. <see cref="Task.WhenAny(Task, Task)"/> alone would hop to the thread pool when a task runs its continuations
/// asynchronously, and a run under a seeded scheduler would not replay; an await in between stays where it is.
/// </summary>
internal static class FirstOf
{
    /// <summary>Completes when one of them has ended, however it ended.</summary>
    public static Task WaitAsync(Task one, Task other) => Task.WhenAny(HereAsync(one), HereAsync(other));

    private static async Task HereAsync(Task task) => await task;
}
