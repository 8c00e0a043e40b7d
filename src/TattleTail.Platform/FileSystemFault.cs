using System.Runtime.InteropServices;

namespace TattleTail.Platform;

/// <summary>Turns what the runtime or the system reports into <see cref="FileSystemException"/>.</summary>
internal static class FileSystemFault
{
    private const int WindowsErrorBase = unchecked((int)0x80070000);

    /// <summary>From an exception of the runtime. On Unix its HResult is the errno, on Windows a Win32 error.</summary>
    public static FileSystemException From(Exception e, string operation, string path)
    {
        var code = OperatingSystem.IsWindows() ? e.HResult - WindowsErrorBase : e.HResult;
        var error = e switch
        {
            FileNotFoundException or DirectoryNotFoundException => FileSystemError.NotFound,
            UnauthorizedAccessException => FileSystemError.Denied,
            _ when OperatingSystem.IsWindows() => OfWindows(code),
            _ => OfErrno(code),
        };
        return new FileSystemException(error, operation, path, e.Message);
    }

    /// <summary>From the last error of a P/Invoke.</summary>
    public static FileSystemException FromLastError(string operation, string path)
    {
        var code = Marshal.GetLastPInvokeError();
        return new FileSystemException(OperatingSystem.IsWindows() ? OfWindows(code) : OfErrno(code), operation, path, $"{Marshal.GetPInvokeErrorMessage(code)} (error {code})");
    }

    /// <summary>Numbers of Linux and macOS where they agree; where not, both (errno.h).</summary>
    private static FileSystemError OfErrno(int errno) => errno switch
    {
        28 or 122 or 69 => FileSystemError.NoSpace,
        17 => FileSystemError.Exists,
        2 or 20 => FileSystemError.NotFound,
        1 or 13 or 30 => FileSystemError.Denied,
        18 or 31 or 38 or 45 or 78 or 95 => FileSystemError.Unsupported,
        16 or 11 => FileSystemError.Busy,
        _ => FileSystemError.Failed,
    };

    /// <summary>Win32 system error codes.</summary>
    private static FileSystemError OfWindows(int code) => code switch
    {
        39 or 112 => FileSystemError.NoSpace,
        80 or 183 => FileSystemError.Exists,
        2 or 3 => FileSystemError.NotFound,
        5 or 19 => FileSystemError.Denied,
        1 or 17 or 50 or 1142 => FileSystemError.Unsupported,
        32 or 33 => FileSystemError.Busy,
        _ => FileSystemError.Failed,
    };
}
