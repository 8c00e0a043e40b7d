"""kafka-python: see README.md."""
import sys
import threading
import time as clock

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import KafkaError
from kafka.structs import OffsetAndMetadata

from session import Refusal, bootstrap, command, decode, encode, say, scenario, serve

PATIENCE = 30


def produce(topic, messages, partition=0, codec="none", acks=-1):
    producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=None if codec == "none" else codec, acks=acks, linger_ms=20, max_block_ms=2000, retries=1)
    try:
        sent = [producer.send(topic, partition=partition, key=decode(m["key"]), value=decode(m["value"]), timestamp_ms=m["timestamp"],
                              headers=[(name, decode(value)) for name, value in m["headers"]]) for m in messages]
        return {"offsets": [future.get(PATIENCE).offset for future in sent]}
    finally:
        producer.close()


def describe(message):
    return {
        "offset": message.offset,
        "key": encode(message.key),
        "value": encode(message.value),
        "timestamp": message.timestamp,
        "headers": [[name, encode(value)] for name, value in message.headers],
    }


def consume(topic, count, partition=0, offset=None, time=None, reset="none"):
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset=reset, enable_auto_commit=False, fetch_max_wait_ms=200)
    try:
        at = TopicPartition(topic, partition)
        if time is not None:
            offset = consumer.offsets_for_times({at: time})[at].offset
        consumer.assign([at])
        consumer.seek(at, offset)
        events, deadline = [], clock.monotonic() + PATIENCE
        while len(events) < count:
            if clock.monotonic() > deadline:
                raise TimeoutError(f"{len(events)} of {count}")
            for messages in consumer.poll(100, max_records=count - len(events)).values():
                events += [describe(message) for message in messages]
        return {"events": events}
    finally:
        consumer.close()


def member(topic, group, session, commit):
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, session_timeout_ms=session, heartbeat_interval_ms=session // 6, auto_offset_reset="earliest",
                             enable_auto_commit=False, fetch_max_wait_ms=100)
    assigned = None
    while not ended.is_set():
        polled = consumer.poll(50)
        if consumer.assignment() != assigned:
            assigned = set(consumer.assignment())
            say({"assigned": sorted(p.partition for p in assigned)})
        for at, messages in polled.items():
            if commit:
                consumer.commit({at: OffsetAndMetadata(messages[-1].offset + 1, "mark")})
            for message in messages:
                say({"partition": at.partition, "offset": message.offset, "value": encode(message.value)})
    consumer.close()


class Operations:
    def __init__(self):
        self.admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        self.consumer = KafkaConsumer(bootstrap_servers=bootstrap)

    def create(self, topic, partitions, configs):
        self.admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=configs)])

    def list(self):
        return {"topics": self.admin.list_topics()}

    def describe(self, topic):
        [described] = self.admin.describe_topics([topic])
        return {"partitions": sorted(p["partition"] for p in described["partitions"])}

    def partitions(self, topic, count):
        self.admin.create_partitions({topic: NewPartitions(count)})

    def configs(self, topic):
        [response] = self.admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        error, text, _, _, entries = response.resources[0]
        if error:
            raise Refusal(error, text)
        return {"configs": {entry[0]: entry[1] for entry in entries}}

    def alter(self, topic, configs):
        response = self.admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs)])
        error, text = response.resources[0][:2]
        if error:
            raise Refusal(error, text)

    def watermarks(self, topic):
        at = [TopicPartition(topic, p) for p in self.describe(topic)["partitions"]]
        low, high = self.consumer.beginning_offsets(at), self.consumer.end_offsets(at)
        return {"watermarks": [[low[p], high[p]] for p in at]}

    def groups(self):
        return {"groups": [name for name, _ in self.admin.list_consumer_groups()]}

    def group(self, group):
        [described] = self.admin.describe_consumer_groups([group])
        return {"state": described.state, "members": len(described.members)}

    def committed(self, group, topic):
        found = self.admin.list_consumer_group_offsets(group)
        return {"committed": {at.partition: offset.offset for at, offset in found.items() if at.topic == topic},
                "metadata": next((offset.metadata for offset in found.values()), None)}

    def reset(self, group, topic, partition, offset):
        consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
        consumer.assign([TopicPartition(topic, partition)])
        consumer.commit({TopicPartition(topic, partition): OffsetAndMetadata(offset, "mark")})
        consumer.close()

    def deleteGroup(self, group):
        for _, error in self.admin.delete_consumer_groups([group]):
            if error.errno:
                raise error()

    def delete(self, topic):
        self.admin.delete_topics([topic])


def refusal(error):
    if isinstance(error, Refusal):
        return error
    if isinstance(error, KafkaError):
        # Errors of the protocol are classes with Kafka's code; the client's own have -1 and the like, and their name says more.
        code = getattr(error, "errno", -1)
        return Refusal(code if code > 0 else type(error).__name__, str(error))
    return None


if scenario == "member":
    member(**command())
else:
    operations = Operations() if scenario == "admin" else None
    serve({"produce": produce, "consume": consume, "admin": lambda op, **more: getattr(operations, op)(**more)}, refusal)
