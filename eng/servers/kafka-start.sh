#!/bin/bash
# Starts a private one-node Apache Kafka (KRaft) on loopback, waits until it answers, prints its bootstrap address.
# Env: KAFKA_LIBS (folder of Kafka's jars) or KAFKA_HOME; KAFKA_PORT (9092); SERVERS_DIR (.servers); KAFKA_EXTRA (lines for server.properties);
# KAFKA_HEAP_OPTS (memory and collector; small by default, Kafka's own scripts set -Xms1g -Xmx1g).
set -eu
libs=${KAFKA_LIBS:-${KAFKA_HOME:+$KAFKA_HOME/libs}}
if [ -z "$libs" ] || [ ! -d "$libs" ]; then
  echo "kafka-start: set KAFKA_HOME to an unpacked Apache Kafka 4 (https://kafka.apache.org/downloads) or KAFKA_LIBS to its libs folder" >&2; exit 2
fi
command -v java > /dev/null || { echo "kafka-start: Java 17 is needed (Debian: apt-get install openjdk-17-jre-headless)" >&2; exit 2; }
port=${KAFKA_PORT:-9092}; dir=${SERVERS_DIR:-$PWD/.servers}/kafka-$port; mkdir -p "$dir"
if [ -s "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2> /dev/null; then echo "127.0.0.1:$port"; exit 0; fi
cat > "$dir/server.properties" <<C
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$port
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=$dir/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
${KAFKA_EXTRA:-}
C
if [ ! -s "$dir/data/meta.properties" ]; then
  id=$(java -cp "$libs/*" kafka.tools.StorageTool random-uuid 2> /dev/null | tail -1)
  java -cp "$libs/*" kafka.tools.StorageTool format -t "$id" -c "$dir/server.properties" > "$dir/format.log" 2>&1
fi
setsid java ${KAFKA_HEAP_OPTS:--Xmx384m -XX:+UseSerialGC} -cp "$libs/*" kafka.Kafka "$dir/server.properties" > "$dir/server.log" 2>&1 < /dev/null &
echo $! > "$dir/pid"
for _ in $(seq 60); do
  if java -cp "$libs/*" org.apache.kafka.tools.BrokerApiVersionsCommand --bootstrap-server "127.0.0.1:$port" > /dev/null 2>&1; then echo "127.0.0.1:$port"; exit 0; fi
  kill -0 "$(cat "$dir/pid")" 2> /dev/null || break
  sleep 0.5
done
echo "kafka-start: the broker did not become ready: see $dir/server.log" >&2; exit 1
