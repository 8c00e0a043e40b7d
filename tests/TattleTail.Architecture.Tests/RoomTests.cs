using System.Reflection;
using System.Xml.Linq;

namespace TattleTail.Architecture.Tests;

/// <summary>Holds the arrows between the rooms, as docs/architecture.md draws them.</summary>
public sealed class RoomTests
{
    /// <summary>Each room and the rooms its project refers to. An arrow that is not here is not allowed; one that is here must be used.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Access"] = ["Platform"],
        ["Platform"] = [],
        ["Events"] = [],
        ["Storage"] = ["Platform"],
        ["Journal"] = ["Events", "Platform"],
        ["Archive"] = ["Events", "Storage"],
        ["Log"] = ["Archive", "Journal"],
        ["Spew"] = ["Access", "Log"],
        ["Server"] = ["Spew"],
        ["Cli"] = ["Server"],
    };

    private static readonly string Root =
        typeof(RoomTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!;

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    [Fact]
    public void Source_EveryProject_IsARoomOfTheMap()
    {
        var found = Directory.GetDirectories(Path.Combine(Root, "src"))
            .Where(d => Directory.GetFiles(d, "*.csproj").Length > 0)
            .Select(d => Path.GetFileName(d)["TattleTail.".Length..]);

        Assert.Equal(Arrows.Keys.Order(), found.Order());
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Project_References_AreTheArrowsOfTheMap(string room)
    {
        var project = XDocument.Load(Path.Combine(Root, "src", $"TattleTail.{room}", $"TattleTail.{room}.csproj"));

        var references = project.Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)["TattleTail.".Length..]);

        Assert.Equal(Arrows[room].Order(), references.Order());
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Assembly_References_StayBelowTheRoom(string room)
    {
        var allowed = Below(room).Select(AssemblyName).ToHashSet();

        var used = Assembly.Load(AssemblyName(room)).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(n => n.StartsWith("TattleTail.", StringComparison.Ordinal));

        Assert.All(used, name => Assert.Contains(name, allowed));
    }

    [Fact]
    public void Documentation_Architecture_NamesEveryRoom()
    {
        var text = File.ReadAllText(Path.Combine(Root, "docs", "architecture.md"));

        Assert.All(Arrows.Keys, room => Assert.Contains($"`TattleTail.{room}`", text, StringComparison.Ordinal));
    }

    private static string AssemblyName(string room) => room == "Cli" ? "tattletail" : $"TattleTail.{room}";

    private static IEnumerable<string> Below(string room) => Arrows[room].SelectMany(r => Below(r).Append(r)).Distinct();
}
