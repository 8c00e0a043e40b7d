using System.Reflection;
using NetArchTest.Rules;

namespace TattleTail.Architecture.Tests;

/// <summary>Holds the arrows between the folders inside rooms that have layers: what a folder must not know of.</summary>
public sealed class LayerTests
{
    public static TheoryData<string, string, string[]> Layers => new()
    {
        { "TattleTail.Events", "TattleTail.Events.RecordBatches", ["TattleTail.Events.CloudEvents", "TattleTail.Events.Envelopes", "TattleTail.Events.Identity"] },
        { "TattleTail.Archive", "TattleTail.Archive.Parquet", ["TattleTail.Archive.Delta", "TattleTail.Archive.Catalog", "TattleTail.Archive.Reading"] },
        { "TattleTail.Archive", "TattleTail.Archive.Delta", ["TattleTail.Archive.Parquet", "TattleTail.Archive.Catalog", "TattleTail.Archive.Reading"] },
        { "TattleTail.Archive", "TattleTail.Archive.Catalog", ["TattleTail.Archive.Parquet", "TattleTail.Archive.Reading"] },
        { "TattleTail.Log", "TattleTail.Log.State", ["TattleTail.Log.Appending", "TattleTail.Log.Reading", "TattleTail.Log.Recovery", "TattleTail.Log.Sealing", "TattleTail.Log.Trimming"] },
        { "TattleTail.Spew", "TattleTail.Spew.Protocol", ["TattleTail.Spew.Handlers", "TattleTail.Spew.Connections"] },
        { "TattleTail.Server", "TattleTail.Server.Configuration", ["TattleTail.Server.Http", "TattleTail.Server.Hosting", "TattleTail.Server.Folders", "TattleTail.Spew"] },
        { "TattleTail.Server", "TattleTail.Server.Folders", ["TattleTail.Server.Http", "TattleTail.Spew"] },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Folder_Types_KnowNothingOfTheLayersAbove(string assembly, string folder, string[] above)
    {
        var types = Types.InAssembly(Assembly.Load(assembly)).That().ResideInNamespace(folder);
        Assert.NotEmpty(types.GetTypes());

        var result = types.ShouldNot().HaveDependencyOnAny(above).GetResult();

        Assert.True(result.IsSuccessful, string.Join("\n", (result.FailingTypes ?? []).Select(t => $"{t.FullName}: {t.Explanation}")));
    }
}
