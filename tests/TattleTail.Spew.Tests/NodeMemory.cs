using TattleTail.Spew.Connections;

namespace TattleTail.Spew.Tests;

/// <summary>What the connections of a node share.</summary>
internal static class NodeMemory
{
    extension(SpewTestNode node)
    {
        public RequestMemory RequestMemory => node.Handler.Node.RequestMemory;

        public RequestMemory FetchMemory => node.Handler.Node.FetchMemory;
    }
}
