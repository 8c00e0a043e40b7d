#!/bin/bash
# Publishes the command for the systems given (default: linux-x64 win-x64 osx-arm64), each into artifacts/publish/<system> with an archive beside it.
# Framework-dependent: the machine needs the ASP.NET Core 10 runtime. Only the publish for the machine's own system is run here: it must print its version.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
version=$(dotnet msbuild src/TattleTail.Cli/TattleTail.Cli.csproj -getProperty:VersionPrefix)
case "$(uname -s)-$(uname -m)" in Linux-x86_64) own=linux-x64 ;; Linux-aarch64) own=linux-arm64 ;; Darwin-arm64) own=osx-arm64 ;; *) own=none ;; esac
[ $# -gt 0 ] || set -- linux-x64 win-x64 osx-arm64
for system in "$@"; do
  folder=artifacts/publish/$system
  rm -rf "$folder"
  dotnet publish src/TattleTail.Cli/TattleTail.Cli.csproj -c Release -r "$system" --self-contained false -o "$folder" -v:q -clp:NoSummary
  cp LICENSE THIRD-PARTY-NOTICES.md README.md "$folder/"
  mkdir -p "$folder/systemd"
  case $system in linux-*) cp eng/systemd/tattletail.service "$folder/systemd/" ;; *) rmdir "$folder/systemd" ;; esac
  tar -czf "artifacts/publish/tattletail-$version-$system.tar.gz" -C artifacts/publish "$system"
  if [ "$system" = "$own" ]; then
    "$folder/tattletail" --version
  else
    echo "$system: built, not run here"
  fi
done
