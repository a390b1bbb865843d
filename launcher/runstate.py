"""What runs in this checkout: one ``./crm up`` at a time, and who it is."""

import json
import os
import signal
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from . import proc
from .console import Trouble
from .locks import HeldLock, try_lock
from .paths import Paths


@dataclass
class RunState:
    """The running server as others see it.

    :param children: process id and start time of each program we started
    """

    pid: int = 0
    url: str = ""
    database: str = ""
    ready: bool = False
    started_at: float = 0
    summary: list[str] = field(default_factory=list)
    children: dict[str, list] = field(default_factory=dict)


class RunFile:
    """The lock and the description of the running server."""

    def __init__(self, paths: Paths):
        self.lock_path = paths.run / "up.lock"
        self.path = paths.run / "up.json"
        self._lock: HeldLock | None = None

    def take(self) -> bool:
        """Become the running one; False when another is."""
        self._lock = try_lock(self.lock_path)
        return self._lock is not None

    def release(self) -> None:
        self.path.unlink(missing_ok=True)
        if self._lock:
            self._lock.close()
            self._lock = None

    def is_taken(self) -> bool:
        lock = try_lock(self.lock_path)
        if lock:
            lock.close()
        return lock is None

    def write(self, state: RunState) -> None:
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(asdict(state)))
        partial.replace(self.path)

    def read(self) -> RunState | None:
        try:
            return RunState(**json.loads(self.path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    # -- ending it ------------------------------------------------------------------

    def stop_running(self, timeout_seconds: float = 60) -> None:
        """Ask the running one to stop everything, and wait for it."""
        state = self.read()
        if not state:
            # It has the lock and has not written yet: it is just starting.
            time.sleep(1)
            state = self.read()
        if not state:
            raise Trouble(
                "Something is starting in this checkout.", "Try again in a moment."
            )
        try:
            os.kill(state.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        except PermissionError as error:
            raise Trouble(
                "The server was started by another user.",
                "Run ./crm stop as that user, or as root.",
            ) from error
        deadline = time.monotonic() + timeout_seconds
        while self.is_taken():
            if time.monotonic() > deadline:
                raise Trouble(
                    f"The server (process {state.pid}) does not stop.",
                    f"Run: kill -9 {state.pid}; ./crm stop",
                )
            time.sleep(0.1)

    def end_leftovers(self) -> list[str]:
        """End what a killed launcher has left running; returns the names."""
        state = self.read()
        if not state:
            return []
        ended = []
        for name, (pid, born) in state.children.items():
            if proc.birth_of(pid) == born:
                _end_group(pid)
                ended.append(name)
        self.path.unlink(missing_ok=True)
        return ended


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGTERM)
    except (ProcessLookupError, PermissionError):
        return
    for _ in range(100):
        if not proc.birth_of(pid):
            break
        time.sleep(0.1)
    proc.kill_group(pid)


@contextmanager
def only_one(paths: Paths):
    """Hold the place of the running server for the block."""
    run_file = RunFile(paths)
    if not run_file.take():
        state = run_file.read()
        address = f" at {state.url}" if state and state.url else ""
        raise Trouble(
            f"This checkout is already running{address}.",
            "Stop it first: ./crm stop",
        )
    try:
        yield run_file
    finally:
        run_file.release()
