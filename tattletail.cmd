@echo off
rem Runs the tattletail command from this source tree: builds it first, quietly, when a source is newer than the last build. Works from any folder; arguments and
rem the exit code are the program's own. The same line, ./tattletail up --sample, runs the shell script of that name in bash and this one in PowerShell.
setlocal
set "root=%~dp0"
set "project=%root%src\TattleTail.Cli"
set "program=%project%\bin\Release\net10.0\tattletail.dll"
set "stamp=%project%\obj\tattletail.stamp"
set "log=%project%\obj\tattletail.build.log"

where dotnet >nul 2>nul
if errorlevel 1 (
  echo tattletail: the .NET 10 SDK is not on the PATH: install it from https://dotnet.microsoft.com/download and try again 1>&2
  exit /b 1
)

if not exist "%program%" goto build
if not exist "%stamp%" goto build
powershell -NoProfile -NonInteractive -Command "$t = (Get-Item $env:stamp).LastWriteTimeUtc; $new = Get-ChildItem -Recurse -File ($env:root + 'src'), ($env:root + 'samples\data') | Where-Object { $_.LastWriteTimeUtc -gt $t -and $_.FullName -notmatch '\\(bin|obj)\\' } | Select-Object -First 1; $props = Get-ChildItem ($env:root + 'Directory.*.props'), ($env:root + 'global.json') | Where-Object { $_.LastWriteTimeUtc -gt $t } | Select-Object -First 1; if ($new -or $props) { exit 1 } else { exit 0 }"
if not errorlevel 1 goto run

:build
if not exist "%program%" echo tattletail: building, the first time takes a minute or two 1>&2
if not exist "%project%\obj" mkdir "%project%\obj"
type nul > "%stamp%.started"
set MSBUILDDISABLENODEREUSE=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set DOTNET_NOLOGO=1
dotnet build "%project%\TattleTail.Cli.csproj" -c Release -v:q -clp:NoSummary > "%log%" 2>&1
if errorlevel 1 (
  type "%log%" 1>&2
  echo tattletail: the build failed 1>&2
  exit /b 1
)
move /y "%stamp%.started" "%stamp%" >nul

:run
set "TATTLETAIL_HOME=%root%"
dotnet "%program%" %*
exit /b %errorlevel%
