namespace TattleTail.Cli.Terminal;

/// <summary>Columns of text, two spaces apart, as wide as their widest cell; numbers stand right.</summary>
internal sealed class TextTable
{
    private readonly string[] _titles;
    private readonly bool[] _right;
    private readonly List<string[]> _rows = [];

    /// <summary>Titles of the columns; one that begins with <c>&gt;</c> is aligned right.</summary>
    public TextTable(params string[] titles)
    {
        _right = Array.ConvertAll(titles, title => title.StartsWith('>'));
        _titles = Array.ConvertAll(titles, title => title.TrimStart('>'));
    }

    /// <summary>Adds a row with a cell for each title.</summary>
    public void Add(params string[] cells) => _rows.Add(cells);

    /// <summary>Writes the titles and the rows.</summary>
    public void Write(TextWriter output)
    {
        var widths = Array.ConvertAll(_titles, title => title.Length);
        foreach (var row in _rows)
        {
            for (var column = 0; column < widths.Length; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Length);
            }
        }

        WriteRow(output, _titles, widths);
        foreach (var row in _rows)
        {
            WriteRow(output, row, widths);
        }
    }

    private void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, column) => _right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
        output.WriteLine(string.Join("  ", padded).TrimEnd());
    }
}
