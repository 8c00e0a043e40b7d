namespace TattleTail.Simulation.Checking;

/// <summary>An invariant that does not hold, and where it was seen.</summary>
internal sealed record Violation(string Invariant, string What)
{
    public override string ToString() => $"{Invariant}: {What}";
}

/// <summary>What a run was found guilty of.</summary>
internal sealed class Findings
{
    private const int Most = 100;
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<Violation> Violations => _violations;

    public void Add(string invariant, string what)
    {
        if (_violations.Count < Most)
        {
            _violations.Add(new Violation(invariant, what));
        }
    }

    public void Require(bool holds, string invariant, string what)
    {
        if (!holds)
        {
            Add(invariant, what);
        }
    }
}
