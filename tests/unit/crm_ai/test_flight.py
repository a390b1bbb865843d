"""Asking one model for several parts at once."""

import threading
import time

import pytest
from pydantic import BaseModel

from odoo.addons.crm_ai.lib.messages import (
    Message,
    ModelAnswer,
    ModelRequest,
    Segment,
    TranscriptAnswer,
    Usage,
)
from odoo.addons.crm_ai.lib.talk import Talk
from odoo.addons.crm_ai.lib.transcript import join
from odoo.addons.crm_ai.providers.flight import (
    AudioFlight,
    Hooks,
    Sound,
    TextFlight,
)
from odoo.addons.crm_base.lib.errors import RateLimitedError, RefusedError


class Text(BaseModel):
    text: str


class Model:
    """A model that takes its time."""

    def __init__(self, seconds=0.0, errors=()):
        self.seconds, self.errors = seconds, list(errors)
        self.threads, self.count = set(), 0
        self.lock = threading.Lock()

    def complete(self, request, on_text=None, is_cancelled=None):
        with self.lock:
            self.count += 1
            self.threads.add(threading.current_thread().name)
            if self.errors:
                raise self.errors.pop(0)
        said = f"réponse à {request.messages[0].text}"
        for piece in said.split(" "):
            time.sleep(self.seconds / 3)
            if is_cancelled():
                return ModelAnswer("", "cancelled", Usage(1, 0))
            if on_text:
                on_text(piece + " ")
        return ModelAnswer(said, "normal", Usage(3, 3), model="m")

    def transcribe(self, name, content, *, language):
        return TranscriptAnswer(
            (Segment(name, 0.5, 1.0),), language, Usage(audio_seconds=30), "w"
        )


def talks(count):
    return [
        Talk(ModelRequest("S", (Message("user", str(n)),)), Text, text_field="text")
        for n in range(count)
    ]


def test_parts_are_asked_at_the_same_time():
    model = Model(seconds=0.3)
    started = time.monotonic()
    landing = TextFlight(model, talks(4), Hooks(), 4, False).run()
    spent = time.monotonic() - started
    assert [r.text for r in landing.results] == [f"réponse à {n}" for n in range(4)]
    assert spent < 4 * 0.3
    assert len(model.threads) == 4
    assert landing.usage == Usage(12, 12)
    assert 250 <= landing.provider_ms <= spent * 1000 + 1


def test_no_more_at_once_than_allowed():
    model = Model(seconds=0.05)
    TextFlight(model, talks(5), Hooks(), 2, False).run()
    assert len(model.threads) <= 2


def test_a_short_trouble_is_waited_for():
    model = Model(errors=[RateLimitedError("x", delay_seconds=0.1)])
    heard = []
    landing = TextFlight(model, talks(1), Hooks(on_error=heard.append), 1, False).run()
    assert landing.results[0].text == "réponse à 0"
    assert (model.count, len(heard)) == (2, 1)


def test_one_part_refused_ends_the_rest():
    landing = TextFlight(
        Model(errors=[RefusedError("no")]), talks(3), Hooks(), 1, False
    ).run()
    assert landing.results is None
    assert landing.reason == "refused"


def test_hooks_run_in_the_caller_s_thread():
    mine, seen = threading.current_thread().name, set()

    def check(part, result):
        seen.add(threading.current_thread().name)
        return ["non"] if "assistant" not in result.text and not part else []

    hooks = Hooks(check=check, progress=lambda done, text: seen.add(mine))
    TextFlight(Model(), talks(2), hooks, 2, False).run()
    assert seen == {mine}


def test_the_text_grows_on_the_screen():
    shown = []
    hooks = Hooks(progress=lambda done, text: shown.append(text))
    TextFlight(Model(seconds=0.9), talks(1), hooks, 1, True).run()
    assert any(text.strip() == "réponse" for text in shown)
    assert shown == sorted(shown, key=len)


def test_cancelled_within_a_tick():
    started = time.monotonic()
    hooks = Hooks(is_cancelled=lambda: time.monotonic() - started > 0.2)
    landing = TextFlight(Model(seconds=6), talks(1), hooks, 1, True).run()
    assert landing.reason == "cancelled"
    assert time.monotonic() - started < 2


def test_a_bug_is_not_swallowed():
    with pytest.raises(ZeroDivisionError):
        TextFlight(
            Model(errors=[ZeroDivisionError()]), talks(1), Hooks(), 1, False
        ).run()


def test_pieces_of_sound_keep_their_place():
    sounds = [Sound("a.webm", b"1", 0.0), Sound("b.webm", b"2", 60.0)]
    landing = AudioFlight(Model(), sounds, Hooks(), 2, "fr").run()
    assert landing.usage.audio_seconds == 60
    whole = join(zip([0.0, 60.0], landing.results, strict=True))
    assert [(s.text, s.start, s.end) for s in whole.segments] == [
        ("a.webm", 0.5, 1.0),
        ("b.webm", 60.5, 61.0),
    ]
    assert whole.language == "fr"
