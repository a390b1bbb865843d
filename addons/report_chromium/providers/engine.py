"""The one Chromium of this server process: started late, renewed, shared."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..lib.errors import (
    EngineBusyError,
    EngineGoneError,
    EngineMissingError,
    PrintTimeoutError,
)
from .chromium import Chromium
from .printer import Printer, PrintJob

_logger = logging.getLogger(__name__)

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# How many documents pass between two looks at the memory.
MEMORY_EVERY = 20


@dataclass(frozen=True)
class EngineSettings:
    """How the browser is kept.

    :param program: path of Chromium, empty to look for it
    :param jobs: printings at the same time
    :param max_documents: after so many a fresh browser takes over
    :param max_memory_bytes: same, for the memory of the browser
    :param idle_seconds: unused for so long, it ends until the next document
    """

    program: str = ""
    jobs: int = 4
    max_documents: int = 1000
    max_memory_bytes: int = 1 << 30
    idle_seconds: float = 300.0


def find_program(wanted: str = "") -> str | None:
    """The Chromium to use: the wanted one, or the first of the machine."""
    if wanted:
        return shutil.which(wanted)
    for name in PROGRAMS:
        found = shutil.which(name)
        if found:
            return found
    return None


class Engine:
    """Gives the browser to whoever prints, and takes care of it."""

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings
        self._reset()
        os.register_at_fork(after_in_child=self._forget_parent)

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._places = threading.BoundedSemaphore(self.settings.jobs)
        self._chromium: Chromium | None = None
        self._retired: list[Chromium] = []

    def _forget_parent(self) -> None:
        """In a forked process: the browser stays with the parent."""
        for chromium in filter(None, [self._chromium, *self._retired]):
            chromium.abandon()
        self._reset()

    def print(self, job: PrintJob) -> bytes:
        """Return the PDF; a browser that dies meanwhile is replaced once.

        :raise PrintError: one of the family
        """
        if not self._places.acquire(timeout=job.timeout_seconds):
            raise EngineBusyError(f"{self.settings.jobs} printings are under way")
        try:
            try:
                return self._print_once(job)
            except EngineGoneError as error:
                _logger.info("Chromium ended while it printed, trying again: %s", error)
                return self._print_once(job)
        finally:
            self._places.release()

    def _print_once(self, job: PrintJob) -> bytes:
        with self._borrow(len(job.bodies)) as chromium:
            try:
                return Printer(chromium, job).run()
            except PrintTimeoutError:
                # A tab that does not answer may work on for ever.
                self._retire(chromium)
                raise

    @contextmanager
    def _borrow(self, documents: int) -> Iterator[Chromium]:
        with self._lock:
            chromium = self._chromium
            if chromium is None or not chromium.is_alive:
                self._retire_locked(chromium)
                chromium = self._chromium = self._start()
            chromium.usage.borrowers += 1
        try:
            yield chromium
        finally:
            self._give_back(chromium, documents)

    def _start(self) -> Chromium:
        program = find_program(self.settings.program)
        if not program:
            wanted = self.settings.program or ", ".join(PROGRAMS)
            raise EngineMissingError(f"not found: {wanted}")
        return Chromium(program, self._on_tick)

    def _give_back(self, chromium: Chromium, documents: int) -> None:
        usage = chromium.usage
        before = usage.documents // MEMORY_EVERY
        with self._lock:
            usage.borrowers -= 1
            usage.documents += documents
            usage.last_used = time.monotonic()
        if usage.documents >= self.settings.max_documents or (
            usage.documents // MEMORY_EVERY > before and self._is_too_big(chromium)
        ):
            self._retire(chromium)
        self._end_unused()

    def _is_too_big(self, chromium: Chromium) -> bool:
        return chromium.read_memory_bytes() > self.settings.max_memory_bytes

    # -- ending --------------------------------------------------------------------

    def _retire(self, chromium: Chromium) -> None:
        """Give it to nobody else; it ends when its last borrower is done."""
        with self._lock:
            self._retire_locked(chromium)

    def _retire_locked(self, chromium: Chromium | None) -> None:
        if chromium and chromium not in self._retired:
            self._retired.append(chromium)
        if self._chromium is chromium:
            self._chromium = None

    def _end_unused(self) -> None:
        with self._lock:
            unused = [c for c in self._retired if not c.usage.borrowers]
            self._retired = [c for c in self._retired if c.usage.borrowers]
        for chromium in unused:
            # Nobody waits until the last of its processes has left.
            threading.Thread(target=chromium.end, daemon=True).start()

    def _on_tick(self, chromium: Chromium) -> None:
        """Now and then: an idle or a swollen browser ends."""
        usage = chromium.usage
        if usage.borrowers:
            return
        idle_seconds = time.monotonic() - usage.last_used
        if idle_seconds > self.settings.idle_seconds or self._is_too_big(chromium):
            with self._lock:
                if usage.borrowers:
                    return
                self._retire_locked(chromium)
            self._end_unused()

    def close(self) -> None:
        """End the browser now."""
        with self._lock:
            chromium, self._chromium = self._chromium, None
        if chromium:
            chromium.end()

    @property
    def pid(self) -> int | None:
        """Of the shell around the running browser, for tests and the state page."""
        chromium = self._chromium
        return chromium.process.pid if chromium and chromium.is_alive else None

    @property
    def version(self) -> str:
        """Of the browser, once it has printed."""
        return self._chromium.version if self._chromium else ""
