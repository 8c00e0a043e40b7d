#!/bin/bash
# Installs the Kafka clients of other languages that tests/TattleTail.EndToEnd/Clients runs and prints where they are, as lines NAME=VALUE for the environment.
# What is there already is left alone. Debian's packages (kcat, python3-confluent-kafka, python3-kafka with its codecs) when root; npm's packages, pinned by the lock file, into CLIENTS_DIR (.clients).
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
dir=${CLIENTS_DIR:-$root/.clients}
packages="kcat python3-confluent-kafka python3-kafka python3-lz4 python3-snappy python3-zstandard"

if command -v dpkg-query > /dev/null; then
  missing=""
  for package in $packages; do [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null)" = installed ] || missing="$missing $package"; done
  if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y $missing; } > /dev/null || { echo "clients: could not install:$missing" >&2; exit 1; }
    missing=""
  fi
  # Debian's modules belong to Debian's interpreter, whatever python3 comes first on the path.
  if [ -z "$missing" ]; then echo "TT_TEST_PYTHON=/usr/bin/python3"; else echo "clients: not root, so not installed:$missing" >&2; fi
fi

if command -v npm > /dev/null; then
  mkdir -p "$dir"
  if ! cmp -s "$root/tests/TattleTail.EndToEnd/Clients/Scripts/package-lock.json" "$dir/installed"; then
    cp "$root"/tests/TattleTail.EndToEnd/Clients/Scripts/package*.json "$dir/"
    (cd "$dir" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >&2
    cp "$dir/package-lock.json" "$dir/installed"
  fi
  echo "TT_TEST_NODE_MODULES=$dir/node_modules"
fi
