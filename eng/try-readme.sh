#!/bin/bash
# Runs the README's lines as a reader would, in a copy of the committed tree: every line of its ```sh blocks, in order, stopped at the first that fails.
# A line that starts a node (`up`) is left running while the following lines run, and is stopped with SIGINT at the end. `dotnet test` is left out: CI calls it itself.
set -eu
# Settings of the tests look like settings of a node to the program.
for variable in "${!TATTLETAIL_@}"; do unset "$variable"; done
repo=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d); node=""
stop() { if [ -n "$node" ]; then kill -INT "$node" 2> /dev/null || true; wait "$node" 2> /dev/null || true; fi; rm -rf "$work"; }
trap stop EXIT
git clone -q "$repo" "$work/tattletail"; cd "$work/tattletail"
awk '/^```sh$/ {on = 1; next} /^```/ {on = 0} on && NF' README.md > ../lines
while IFS= read -r line; do
  case $line in
    git\ clone*|cd\ *|dotnet\ test*) continue ;;
    *tattletail\ up*)
      echo "\$ $line"
      set -m; bash -c "exec $line" > ../node.out 2> ../node.err & node=$!; set +m
      for _ in $(seq 600); do grep -q 'Ctrl-C stops' ../node.out && break; kill -0 "$node" 2> /dev/null || { cat ../node.out ../node.err; exit 1; }; sleep 0.5; done
      cat ../node.out; grep -q 'Ctrl-C stops' ../node.out || { cat ../node.err; exit 1; } ;;
    *)
      echo "\$ $line"
      bash -c "set -o pipefail; $line" > ../line.out || { status=$?; cat ../line.out; echo "failed with $status: $line"; exit 1; }
      head -c 600 ../line.out ;;
  esac
done < ../lines
if [ -n "$node" ]; then
  kill -INT -"$node"; status=0; wait "$node" || status=$?; node=""
  [ "$status" = 0 ] || [ "$status" = 130 ] || { echo "the node ended with $status"; cat ../node.err; exit 1; }
fi
