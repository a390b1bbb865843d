"""A program that talks DevTools on its pipe the way Chromium does, without pages."""

import json
import os
import sys

ORDERS_FD, ANSWERS_FD = 3, 4


def answer(message):
    data = json.dumps(message).encode() + b"\0"
    # In small pieces: whoever reads must join them.
    for start in range(0, len(data), 7):
        os.write(ANSWERS_FD, data[start : start + 7])


def main():
    rest = b""
    while True:
        data = os.read(ORDERS_FD, 65536)
        if not data:
            return 0
        *texts, rest = (rest + data).split(b"\0")
        for text in texts:
            order = json.loads(text)
            if order["method"] == "Browser.getVersion":
                answer({"id": order["id"], "result": {"product": "Fake/1.0"}})
            elif order["method"] == "Test.fail":
                answer({"id": order["id"], "error": {"message": "not today"}})
            elif order["method"] == "Test.event":
                answer({"method": "Some.event", "sessionId": "tab", "params": {"n": 1}})
                answer({"id": order["id"], "result": {}})
            elif order["method"] == "Test.die":
                return 3
            elif order["method"] != "Test.silence":
                answer({"id": order["id"], "result": {"echo": order["params"]}})


if __name__ == "__main__":
    sys.exit(main())
