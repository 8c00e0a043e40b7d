"""What the scripts for Python's clients and kcat share: commands in, answers out."""
import base64
import json
import sys

bootstrap, scenario = sys.argv[1:3]


def say(answer):
    print(json.dumps(answer), flush=True)


def encode(data):
    return None if data is None else base64.b64encode(data).decode()


def decode(text):
    return None if text is None else base64.b64decode(text)


def command():
    return json.loads(sys.stdin.readline())


class Refusal(Exception):
    """What the server, or the client on its own, refused."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def serve(handlers, refusal=lambda error: error if isinstance(error, Refusal) else None):
    """Answers commands one by one; what the client throws is answered when `refusal` makes a Refusal of it."""
    handle = handlers[scenario]
    for line in sys.stdin:
        try:
            say(handle(**json.loads(line)) or {})
        except Exception as error:
            refused = refusal(error)
            if refused is None:
                raise
            say({"error": refused.code, "text": str(refused)})
