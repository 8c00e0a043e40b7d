using TattleTail.Spew.Connections;

namespace TattleTail.Spew.Tests;

/// <summary>Waits for what others bring about.</summary>
internal static class Eventually
{
    /// <summary>Waits until a condition holds, 20 s at most.</summary>
    public static async Task HoldsAsync(Func<bool> condition, string what)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain for: {what}");
            await Task.Delay(5);
        }
    }
}

/// <summary>What the connections of a node share.</summary>
internal static class NodeMemory
{
    extension(SpewTestNode node)
    {
        public RequestMemory RequestMemory => node.Handler.Node.RequestMemory;

        public RequestMemory FetchMemory => node.Handler.Node.FetchMemory;
    }
}
