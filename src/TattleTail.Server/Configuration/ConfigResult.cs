namespace TattleTail.Server.Configuration;

/// <summary>Something wrong in the configuration.</summary>
/// <param name="What">What is wrong.</param>
/// <param name="Where">The file and line, variable or flag that says it.</param>
/// <param name="WhatToDo">How to put it right.</param>
public sealed record ConfigFault(string What, string Where, string WhatToDo)
{
    /// <summary>The fault in one line.</summary>
    public override string ToString() => $"{Where}: {What}: {WhatToDo}";
}

/// <summary>What came of loading the configuration.</summary>
/// <param name="Config">The configuration; null when there are faults.</param>
/// <param name="Faults">All that is wrong, together.</param>
/// <param name="File">The file that was read; null when there was none.</param>
public sealed record ConfigResult(NodeConfig? Config, IReadOnlyList<ConfigFault> Faults, string? File);
