"""Where the stand-ins bring their events."""

import json
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from tests.standins.serving import Handler, Standin  # noqa: E402


class _Door(Handler):
    def dispatch(self, method, url, body):
        self.standin.received.append((body, dict(self.headers)))
        answers = self.standin.answers
        self.answer(answers.pop(0) if answers else 200, b"")


class Receiver(Standin):
    """Takes webhooks; answers with the given statuses, then 200.

    :ivar received: (body, headers) of each, oldest first
    """

    name = "receiver"
    handler_class = _Door

    def __init__(self):
        super().__init__()
        self.received, self.answers = [], []

    @property
    def url(self):
        return f"{self.base_url}/hook"

    def wait(self, count):
        """Return what was received once there is so much."""
        deadline = time.monotonic() + 5
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.received) >= count, self.events()
        return self.received

    def events(self, count=0):
        """The events received, once there are so many."""
        received = self.wait(count) if count else self.received
        return [json.loads(body) for body, _headers in received]


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver
