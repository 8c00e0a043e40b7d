using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TattleTail.Platform;

/// <summary>The system calls whose errors .NET hides or that it does not offer.</summary>
internal static partial class NativeFiles
{
    private const int Interrupted = 4;
    private const int MacFullFsync = 51;
    private const int LinuxOpenDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC, asm-generic/fcntl.h (x86-64); arm64 swaps O_DIRECTORY, see OpenDirectoryFlags
    private const int LinuxArmOpenDirectory = 0x4000 | 0x80000;

    private static int OpenDirectoryFlags =>
        !OperatingSystem.IsLinux() ? 0 : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? LinuxArmOpenDirectory : LinuxOpenDirectory;

    /// <summary>fdatasync on Linux, F_FULLFSYNC on macOS, FlushFileBuffers on Windows. Retries only when interrupted.</summary>
    public static void Sync(SafeFileHandle file, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            if (!FlushFileBuffers(file))
            {
                throw FileSystemFault.FromLastError("FlushFileBuffers", path);
            }

            return;
        }

        var descriptor = file.DangerousGetHandle().ToInt32();
        while ((OperatingSystem.IsMacOS() ? FcntlNoArgument(descriptor, MacFullFsync) : FDataSync(descriptor)) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                throw FileSystemFault.FromLastError(OperatingSystem.IsMacOS() ? "F_FULLFSYNC" : "fdatasync", path);
            }
        }

        GC.KeepAlive(file);
    }

    /// <summary>fsync of a directory; nothing on Windows, which cannot.</summary>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, OpenDirectoryFlags);
        if (descriptor < 0)
        {
            throw FileSystemFault.FromLastError("open", path);
        }

        try
        {
            while (FSync(descriptor) != 0)
            {
                if (Marshal.GetLastPInvokeError() != Interrupted)
                {
                    throw FileSystemFault.FromLastError("fsync", path);
                }
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public static void Link(string existing, string created)
    {
        var done = OperatingSystem.IsWindows() ? CreateHardLink(created, existing, IntPtr.Zero) : HardLink(existing, created) == 0;
        if (!done)
        {
            throw FileSystemFault.FromLastError("link", created);
        }
    }

    /// <summary>fallocate; where the file system has none (EOPNOTSUPP) the caller extends the file instead.</summary>
    public static void Allocate(SafeFileHandle file, string path, long length)
    {
        while (FAllocate(file.DangerousGetHandle().ToInt32(), 0, 0, length) != 0)
        {
            var error = FileSystemFault.FromLastError("fallocate", path);
            if (Marshal.GetLastPInvokeError() == Interrupted)
            {
                continue;
            }

            if (error.Error == FileSystemError.Unsupported)
            {
                return;
            }

            throw error;
        }

        GC.KeepAlive(file);
    }

    /// <summary>posix_fadvise(POSIX_FADV_DONTNEED) of the whole file, on Linux. What the call answers is of no interest: it is a hint.</summary>
    public static void Forget(SafeFileHandle file)
    {
        const int dontNeed = 4; // bits/fcntl-linux.h
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            _ = FAdvise(file.DangerousGetHandle().ToInt32(), 0, 0, dontNeed);
            GC.KeepAlive(file);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int FAdvise(int descriptor, long offset, long length, int advice);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int FcntlNoArgument(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int HardLink(string existing, string created);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int FAllocate(int descriptor, int mode, long offset, long length);

    [LibraryImport("kernel32", EntryPoint = "FlushFileBuffers", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushFileBuffers(SafeFileHandle file);

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string created, string existing, IntPtr security);
}
