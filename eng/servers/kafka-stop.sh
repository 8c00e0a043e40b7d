#!/bin/bash
# Stops what kafka-start.sh started. Env: KAFKA_PORT (9092), SERVERS_DIR (.servers).
dir=${SERVERS_DIR:-$PWD/.servers}/kafka-${KAFKA_PORT:-9092}
[ -s "$dir/pid" ] || exit 0
pid=$(cat "$dir/pid"); kill "$pid" 2> /dev/null
for _ in $(seq 100); do grep -qs '^State:[[:space:]]*[RSDTt]' "/proc/$pid/status" || break; sleep 0.1; done
grep -qs '^State:[[:space:]]*[RSDTt]' "/proc/$pid/status" && kill -9 "$pid"
rm -f "$dir/pid"
