"""confluent-kafka for Python (librdkafka): see README.md."""
import os
import sys
import threading
import time as clock

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

from session import Refusal, bootstrap, command, decode, encode, say, scenario, serve

PATIENCE = 30


def settings(**more):
    # Faults are answered, so librdkafka need not print them too.
    # A channel that is not there is an error at once, not one that may yet appear.
    return {"bootstrap.servers": bootstrap, "log_level": 0, "topic.metadata.propagation.max.ms": 0, **{key.replace("_", "."): value for key, value in more.items()}}


def produce(topic, messages, partition=0, codec="none", idempotent=False, acks=-1):
    producer = Producer(settings(compression_type=codec, enable_idempotence=idempotent, acks=acks, linger_ms=20, message_timeout_ms=5000))
    offsets, errors = [], []

    def delivered(error, message):
        errors.append(error) if error else offsets.append(message.offset())

    for m in messages:
        producer.produce(topic, partition=partition, key=decode(m["key"]), value=decode(m["value"]), timestamp=m["timestamp"],
                         headers=[(name, decode(value)) for name, value in m["headers"]], on_delivery=delivered)
    if producer.flush(PATIENCE):
        raise TimeoutError("not all was delivered")
    if errors:
        raise KafkaException(errors[0])
    return {"offsets": offsets}


def describe(message):
    return {
        "offset": message.offset(),
        "key": encode(message.key()),
        "value": encode(message.value()),
        "timestamp": message.timestamp()[1],
        "headers": [[name, encode(value)] for name, value in message.headers() or []],
    }


def consume(topic, count, partition=0, offset=None, time=None, reset="error"):
    consumer = Consumer(settings(group_id="unused", auto_offset_reset=reset, enable_auto_commit=False, fetch_wait_max_ms=200))
    try:
        at = TopicPartition(topic, partition, offset if time is None else time)
        if time is not None:
            at = consumer.offsets_for_times([at], timeout=PATIENCE)[0]
        consumer.assign([at])
        events, deadline = [], clock.monotonic() + PATIENCE
        while len(events) < count:
            if clock.monotonic() > deadline:
                raise TimeoutError(f"{len(events)} of {count}")
            message = consumer.poll(0.1)
            if message is not None:
                if message.error():
                    raise KafkaException(message.error())
                events.append(describe(message))
        return {"events": events}
    finally:
        consumer.close()


def member(topic, group, session, commit):
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    consumer = Consumer(settings(group_id=group, session_timeout_ms=session, heartbeat_interval_ms=session // 6, auto_offset_reset="earliest", enable_auto_commit=False,
                                 fetch_wait_max_ms=100))
    consumer.subscribe([topic], on_assign=lambda _, assigned: say({"assigned": sorted(p.partition for p in assigned)}))
    while not ended.is_set():
        message = consumer.poll(0.05)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        if commit:
            consumer.commit(offsets=[TopicPartition(topic, message.partition(), message.offset() + 1)], asynchronous=False)
        say({"partition": message.partition(), "offset": message.offset(), "value": encode(message.value())})
    consumer.close()


class Operations:
    def __init__(self):
        self.admin = AdminClient(settings())

    @staticmethod
    def _wait(futures):
        return [future.result(PATIENCE) for future in futures.values()]

    def create(self, topic, partitions, configs):
        self._wait(self.admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1, config=configs)]))

    def list(self):
        return {"topics": list(self.admin.list_topics(timeout=PATIENCE).topics)}

    def describe(self, topic):
        return {"partitions": sorted(self.admin.list_topics(topic, timeout=PATIENCE).topics[topic].partitions)}

    def partitions(self, topic, count):
        self._wait(self.admin.create_partitions([NewPartitions(topic, count)]))

    def configs(self, topic):
        [described] = self._wait(self.admin.describe_configs([ConfigResource("topic", topic)]))
        return {"configs": {name: entry.value for name, entry in described.items()}}

    def alter(self, topic, configs):
        self._wait(self.admin.alter_configs([ConfigResource("topic", topic, set_config=configs)]))

    def watermarks(self, topic):
        consumer = Consumer(settings(group_id="unused"))
        try:
            return {"watermarks": [consumer.get_watermark_offsets(TopicPartition(topic, p), timeout=PATIENCE) for p in self.describe(topic)["partitions"]]}
        finally:
            consumer.close()

    def groups(self):
        return {"groups": [group.id for group in self.admin.list_groups(timeout=PATIENCE)]}

    def group(self, group):
        [described] = self.admin.list_groups(group, timeout=PATIENCE)
        return {"state": described.state, "members": len(described.members)}

    def committed(self, group, topic):
        consumer = Consumer(settings(group_id=group))
        try:
            found = consumer.committed([TopicPartition(topic, p) for p in self.describe(topic)["partitions"]], timeout=PATIENCE)
            return {"committed": {p.partition: max(p.offset, -1) for p in found}}
        finally:
            consumer.close()

    def reset(self, group, topic, partition, offset):
        consumer = Consumer(settings(group_id=group))
        try:
            consumer.commit(offsets=[TopicPartition(topic, partition, offset)], asynchronous=False)
        finally:
            consumer.close()

    def delete(self, topic):
        self._wait(self.admin.delete_topics([topic]))


def refusal(error):
    if isinstance(error, KafkaException):
        return Refusal(error.args[0].code(), error.args[0].str())
    return None


if scenario == "member":
    member(**command())
else:
    operations = Operations() if scenario == "admin" else None
    serve({"produce": produce, "consume": consume, "admin": lambda op, **more: getattr(operations, op)(**more)}, refusal)

# Version 1.7 gives up one reference to None for each header without a value, and Python dies of that when it tidies up.
sys.stdout.flush()
os._exit(0)
