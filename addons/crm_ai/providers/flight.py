"""Asks one model, for all parts of a question at once, until all are answered.

Calls run in threads; everything else (checks, tools, progress) is done through hooks
in the thread of the caller, which is the only one that may touch a database.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from odoo.addons.crm_base.lib.errors import ClientError

from ..lib.messages import TranscriptAnswer, Usage
from ..lib.routing import Reason, after_error
from ..lib.talk import Step, Talk

TICK_SECONDS = 0.2


@dataclass
class Hooks:
    """What the caller does between two answers; all optional.

    :param check: (part, result) -> problems for the model to repair
    :param run_tools: (part, tool calls) -> their results as texts
    :param progress: (parts done, raw text so far of a single part)
    :param is_cancelled: asked at every tick
    :param on_error: told of every failed attempt
    """

    check: Callable[[int, Any], list[str]] = lambda part, result: []
    run_tools: Callable[[int, Sequence], list] = lambda part, calls: []
    progress: Callable[[int, str], None] = lambda done, text: None
    is_cancelled: Callable[[], bool] = lambda: False
    on_error: Callable[[ClientError], None] = lambda error: None


@dataclass
class Landing:
    """How asking one model ended.

    :param results: one per part, in order; None when the model is given up
    :param reason: why it is given up
    :param error: the last technical cause, for the log
    :param provider_ms: spent waiting for the vendor
    """

    results: list | None = None
    reason: Reason | None = None
    error: str = ""
    usage: Usage = field(default_factory=Usage)
    provider_ms: int = 0
    model: str = ""


class Flight:
    """What text and sound have in common."""

    def __init__(self, client, count: int, hooks: Hooks, parallel: int) -> None:
        self.client = client
        self.hooks = hooks
        self.parallel = max(1, min(parallel, count))
        self.results: list = [None] * count
        self.tries = [0] * count
        self.done = 0
        self.landing = Landing()
        self.stop = threading.Event()
        self._flying: dict[Future, int] = {}
        self._pool: ThreadPoolExecutor | None = None
        self._busy_seconds = 0.0

    def run(self) -> Landing:
        """Ask until every part is answered or the model is given up."""
        self._pool = ThreadPoolExecutor(self.parallel, thread_name_prefix="crm_ai")
        try:
            for part in range(len(self.results)):
                self._submit(part)
            while self._flying and self.landing.reason is None:
                self._tick()
        finally:
            self.stop.set()
            # a thread that still waits for the vendor is left to its timeout
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self.landing.reason is None:
            self.landing.results = self.results
        self.landing.provider_ms = round(self._busy_seconds * 1000)
        self._sum_up()
        return self.landing

    def _tick(self) -> None:
        started = time.monotonic()
        landed, _flying = wait(
            self._flying, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED
        )
        self._busy_seconds += time.monotonic() - started
        for future in landed:
            part = self._flying.pop(future)
            self._land(part, future)
        if not self._flying:
            # the whole answer is told by whoever keeps it
            return
        if self.hooks.is_cancelled():
            self._give_up("cancelled")
        self.hooks.progress(self.done, self._get_text())

    def _land(self, part: int, future: Future) -> None:
        try:
            answer = future.result()
        except ClientError as error:
            self.hooks.on_error(error)
            self.landing.error = str(error)
            self.tries[part] += 1
            # not a secret: it only keeps retries of several servers apart
            decision = after_error(error, self.tries[part], random.random())  # noqa: S311
            if decision.wait_seconds is None:
                self._give_up(decision.reason)
            else:
                self._submit(part, decision.wait_seconds)
            return
        self.tries[part] = 0
        self._take(part, answer)

    def _submit(self, part: int, wait_seconds: float = 0) -> None:
        if self.landing.reason is not None:
            # the model was given up: what landed still counts, nothing more is asked
            return
        future = self._pool.submit(self._call_later, part, wait_seconds)
        self._flying[future] = part

    def _call_later(self, part: int, wait_seconds: float):
        if wait_seconds:
            self.stop.wait(wait_seconds)
        return self._call(part)

    def _give_up(self, reason: Reason) -> None:
        if self.landing.reason is None:
            self.landing.reason = reason

    def _call(self, part: int):
        raise NotImplementedError

    def _take(self, part: int, answer) -> None:
        raise NotImplementedError

    def _get_text(self) -> str:
        return ""

    def _sum_up(self) -> None:
        raise NotImplementedError


class TextFlight(Flight):
    """Talks with a model, one conversation per part.

    :param is_streamed: show the text of a single part while it grows
    """

    def __init__(
        self, client, talks: list[Talk], hooks: Hooks, parallel: int, is_streamed: bool
    ) -> None:
        super().__init__(client, len(talks), hooks, parallel)
        self.talks = talks
        self.is_streamed = is_streamed and len(talks) == 1
        self._pieces: list[str] = []

    def _call(self, part: int):
        self._pieces.clear()
        return self.client.complete(
            self.talks[part].request,
            on_text=self._pieces.append if self.is_streamed else None,
            is_cancelled=self.stop.is_set,
        )

    def _take(self, part: int, answer) -> None:
        talk = self.talks[part]
        step = talk.take(answer)
        if step.kind == "result" and (problems := self.hooks.check(part, step.result)):
            step = talk.repair(problems)
        self._follow(part, talk, step)

    def _follow(self, part: int, talk: Talk, step: Step) -> None:
        if step.kind == "result":
            self.results[part] = step.result
            self.done += 1
        elif step.kind == "give_up":
            self._give_up(step.reason)
        else:
            if step.kind == "tools":
                talk.take_tools(self.hooks.run_tools(part, step.tool_calls))
            self._submit(part)

    def _get_text(self) -> str:
        return "".join(self._pieces)

    def _sum_up(self) -> None:
        for talk in self.talks:
            self.landing.usage += talk.usage
            self.landing.model = talk.model or self.landing.model


@dataclass(frozen=True)
class Sound:
    """A piece of a recording.

    :param start: seconds from the beginning of the whole
    """

    name: str
    content: bytes
    start: float


class AudioFlight(Flight):
    """Has the pieces of a recording transcribed."""

    def __init__(self, client, sounds: list[Sound], hooks, parallel, language) -> None:
        super().__init__(client, len(sounds), hooks, parallel)
        self.sounds = sounds
        self.language = language

    def _call(self, part: int) -> TranscriptAnswer:
        sound = self.sounds[part]
        return self.client.transcribe(sound.name, sound.content, language=self.language)

    def _take(self, part: int, answer: TranscriptAnswer) -> None:
        self.landing.usage += answer.usage
        self.landing.model = answer.model or self.landing.model
        self.results[part] = answer
        self.done += 1

    def _sum_up(self) -> None:
        """Nothing: each answer was counted when it came."""
