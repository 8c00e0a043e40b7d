"""kcat (librdkafka): see README.md. One run of kcat sends events of the same headers, and takes an empty body and key for null or for empty."""
import itertools
import json
import re
import subprocess
import sys
import threading

from session import Refusal, bootstrap, command, decode, encode, say, scenario, serve

PATIENCE = 30

# kcat tells refusals in librdkafka's words only.
CODES = {"Unknown topic or partition": 3, "Message size too large": 10, "Invalid topic": 17}


def kcat(*arguments, given=None):
    return subprocess.run(["kcat", "-b", bootstrap, "-X", "topic.metadata.propagation.max.ms=0", *arguments], input=given, capture_output=True, timeout=PATIENCE)


def checked(ran):
    if ran.returncode:
        said = ran.stderr.decode()
        raise Refusal(next((code for words, code in CODES.items() if words in said), "kcat"), said)
    return ran.stdout


def produce(topic, messages, partition=0, codec="none", idempotent=False, acks=-1):
    settings = ["-X", f"enable.idempotence={str(idempotent).lower()}", "-X", f"acks={acks}", "-X", "message.timeout.ms=5000", "-z", codec]

    def kind(m):
        return m["headers"], None in (m["key"], m["value"])

    for (headers, has_null), same in itertools.groupby(messages, kind):
        lines = b"".join((decode(m["key"]) or b"") + b"\t" + (decode(m["value"]) or b"") + b"\n" for m in same)
        named = [f"-H{name}" if value is None else f"-H{name}={decode(value).decode()}" for name, value in headers]
        checked(kcat("-P", "-t", topic, "-p", str(partition), "-K", "\t", *(["-Z"] if has_null else []), *settings, *named, given=lines))
    return {}


def text(value):
    return None if value is None else encode(value.encode())


def describe(line):
    message = json.loads(line)
    headers = message.get("headers", [])
    return {
        "offset": message["offset"],
        "key": text(message["key"]),
        "value": text(message["payload"]),
        "timestamp": message["ts"],
        "headers": [[name, text(value)] for name, value in zip(headers[::2], headers[1::2])],
    }


def consume(topic, count, partition=0, offset=None, time=None, reset="error"):
    start = str(offset) if time is None else f"s@{time}"
    read = checked(kcat("-C", "-t", topic, "-p", str(partition), "-o", start, "-c", str(count), "-J", "-X", f"auto.offset.reset={reset}"))
    return {"events": [describe(line) for line in read.splitlines()]}


def member(topic, group, session, commit):
    process = subprocess.Popen(
        ["kcat", "-b", bootstrap, "-G", group, "-J", "-u", "-X", f"session.timeout.ms={session}", "-X", f"heartbeat.interval.ms={session // 6}", "-X", "fetch.wait.max.ms=100",
         "-X", "auto.offset.reset=earliest", "-X", "auto.commit.interval.ms=100", "-X", f"enable.auto.commit={str(commit).lower()}", topic],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def rebalances():
        # % Group billing rebalanced (memberid rdkafka-...): assigned: orders [0], orders [1]
        for line in process.stderr:
            if ": assigned:" in line:
                say({"assigned": sorted(int(partition) for partition in re.findall(r"\[(\d+)\]", line.split(": assigned:")[1]))})

    def events():
        for line in process.stdout:
            message = json.loads(line)
            say({"partition": message["partition"], "offset": message["offset"], "value": text(message["payload"])})

    threads = [threading.Thread(target=rebalances), threading.Thread(target=events)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    process.terminate()
    process.wait(PATIENCE)
    for thread in threads:
        thread.join()


def described():
    return {topic["topic"]: [partition["partition"] for partition in topic["partitions"]] for topic in json.loads(checked(kcat("-L", "-J")))["topics"]}


def watermarks(topic):
    def at(time):
        # TOPIC [0] offset 12
        lines = checked(kcat("-Q", *itertools.chain(*(("-t", f"{topic}:{p}:{time}") for p in described()[topic])))).decode().splitlines()
        return {line.split("[")[1].split("]")[0]: int(line.split()[-1]) for line in lines}

    low, high = at(-2), at(-1)
    return {"watermarks": [[low[p], high[p]] for p in sorted(low, key=int)]}


operations = {
    "list": lambda: {"topics": list(described())},
    "describe": lambda topic: {"partitions": sorted(described()[topic])},
    "watermarks": watermarks,
}

if scenario == "member":
    member(**command())
else:
    serve({"produce": produce, "consume": consume, "admin": lambda op, **more: operations[op](**more)})
