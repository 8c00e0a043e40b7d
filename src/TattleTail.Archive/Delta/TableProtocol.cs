namespace TattleTail.Archive.Delta;

/// <summary>Whether a table is one that this version may write.</summary>
internal static class TableProtocol
{
    /// <summary>Checks the version that made the table.</summary>
    public static void CheckCreated(DeltaCommit first, string where)
    {
        if (first.SchemaString is null || first.WriterVersion is null)
        {
            throw new ArchiveFormatException($"{where} holds a Delta table that TattleTail did not make: choose another folder for the archive");
        }

        Check(first, where);
    }

    /// <summary>Checks a later version: it may change protocol or schema only to what this version writes.</summary>
    public static void CheckUnchanged(DeltaCommit commit, long version)
    {
        if (commit.ChangesTable)
        {
            Check(commit, DeltaLog.NameOf(version));
        }
    }

    private static void Check(DeltaCommit commit, string where)
    {
        var known = commit.WriterVersion is null
            || (commit is { ReaderVersion: DeltaSchema.ReaderVersion, WriterVersion: DeltaSchema.WriterVersion } && commit.WriterFeatures is [DeltaSchema.WriterFeature]);
        if (!known)
        {
            throw new ArchiveFormatException(
                $"{where}: the table asks for protocol {commit.ReaderVersion}/{commit.WriterVersion} [{string.Join(", ", commit.WriterFeatures)}], this version writes "
                + $"{DeltaSchema.ReaderVersion}/{DeltaSchema.WriterVersion} [{DeltaSchema.WriterFeature}]: start a newer TattleTail, or choose another folder");
        }

        if (commit.SchemaString is { } schema && schema != DeltaSchema.SchemaString)
        {
            throw new ArchiveFormatException($"{where}: the table's columns are not those that this version writes: start a newer TattleTail, or choose another folder");
        }
    }
}
