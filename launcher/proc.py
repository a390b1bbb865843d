"""Running other programs, so that none of them outlives us by accident.

Every program gets a process group of its own: a Ctrl-C in the terminal reaches
the launcher alone, which then stops what it started in the right order.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


# How programs begin the line that says why: "E: " is apt's.
_TELLING = re.compile(r"rror|^E: |^fatal: |FATAL")


class CommandError(Exception):
    """A program ended badly. :param output: the end of what it printed"""

    def __init__(self, args: Sequence[str], code: int, output: str):
        super().__init__(f"{Path(args[0]).name} ended with code {code}")
        self.code = code
        self.output = output.strip()

    @property
    def last_line(self) -> str:
        """The line that most likely says why."""
        lines = [line.strip() for line in self.output.splitlines() if line.strip()]
        telling = [line for line in lines if _TELLING.search(line)]
        return (telling or lines or [str(self)])[-1][:300]


class _Interruption:
    """The first signal stops us; the next ones wait until we have cleaned up."""

    def __init__(self):
        self.received: int | None = None
        self.deferred = 0
        self.pending = False

    def install(self) -> None:
        for number in STOP_SIGNALS:
            # Under nohup a hang-up is ignored already: let it be.
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, self.handle)

    def handle(self, number: int, frame: object) -> None:
        if self.received is not None:
            return
        self.received = number
        if self.deferred:
            self.pending = True
        else:
            raise KeyboardInterrupt

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """For the few lines that must not be cut in two."""
        self.deferred += 1
        try:
            yield
        finally:
            self.deferred -= 1
            if self.pending and not self.deferred:
                self.pending = False
                raise KeyboardInterrupt


interruption = _Interruption()


@dataclass(frozen=True)
class User:
    """Another user of the system, whom only root can become."""

    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict:
        return {"user": self.uid, "group": self.gid, "extra_groups": [self.gid]}


# Started and not seen to end: the last net before we leave.
_alive: "list[Child]" = []


class Child:
    """A running program and its process group."""

    def __init__(self, popen: subprocess.Popen, name: str):
        self.popen = popen
        self.name = name
        _alive.append(self)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def is_running(self) -> bool:
        return self.popen.poll() is None

    def stop(self, grace_seconds: float = 15) -> None:
        """Ask politely, then insist; nothing of the group remains."""
        if self.is_running():
            self._signal_leader(signal.SIGTERM)
            try:
                self.popen.wait(grace_seconds)
            except subprocess.TimeoutExpired:
                pass
        kill_group(self.pid)
        self.popen.wait()
        self.forget()

    def forget(self) -> None:
        """It has ended: nothing to stop any more."""
        if self in _alive:
            _alive.remove(self)

    def _signal_leader(self, number: int) -> None:
        try:
            self.popen.send_signal(number)
        except ProcessLookupError:
            pass


def stop_all() -> None:
    """End whatever an interruption at a bad moment has left."""
    for child in list(_alive):
        child.stop(grace_seconds=5)


def kill_group(pid: int) -> None:
    """End a whole process group at once, if it still exists."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass


def start(
    args: Sequence[str | Path],
    *,
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
    user: User | None = None,
    stdin=subprocess.DEVNULL,
    stdout=None,
    stderr=None,
) -> Child:
    """Start a program in its own process group."""
    argv = [str(arg) for arg in args]
    with interruption.held_back():
        popen = subprocess.Popen(
            argv,
            cwd=cwd or ("/" if user else None),
            env=dict(env) if env is not None else None,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            **(user.popen_options() if user else {}),
        )
        return Child(popen, Path(argv[0]).name)


def run(
    args: Sequence[str | Path],
    *,
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
    user: User | None = None,
    text_input: str | None = None,
    log: Path | None = None,
    check: bool = True,
) -> subprocess.CompletedProcess:
    """Run a program to its end and return what it printed (stdout, as text).

    :param log: file that receives both outputs instead
    :raise CommandError: when it ends badly and ``check`` is set
    """
    with _output(log) as (stdout, stderr):
        child = start(
            args,
            cwd=cwd,
            env=env,
            user=user,
            stdin=subprocess.DEVNULL if text_input is None else subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            payload = None if text_input is None else text_input.encode()
            out, err = child.popen.communicate(payload)
            child.forget()
        except BaseException:
            child.stop(grace_seconds=5)
            raise
    code = child.popen.returncode
    printed = (out or b"").decode(errors="replace")
    if check and code:
        complaint = (err or b"").decode(errors="replace")
        text = complaint + printed if log is None else tail(log)
        raise CommandError([str(arg) for arg in args], code, text)
    return subprocess.CompletedProcess(args, code, printed, err)


@contextmanager
def _output(log: Path | None) -> Iterator[tuple]:
    if log is None:
        yield subprocess.PIPE, subprocess.PIPE
        return
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        yield stream, subprocess.STDOUT


def interactive(
    args: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: User | None = None,
) -> int:
    """Give the terminal to a program (psql, a shell) and return its exit code.

    Ctrl-C belongs to that program meanwhile, so it keeps our process group.
    """
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        options = user.popen_options() if user else {}
        popen = subprocess.Popen(
            [str(arg) for arg in args],
            env=dict(env) if env is not None else None,
            cwd=cwd,
            # An ignored signal stays ignored in children unless reset.
            preexec_fn=_default_interrupt,
            **options,
        )
        try:
            return popen.wait()
        except BaseException:
            popen.terminate()
            popen.wait()
            raise
    finally:
        signal.signal(signal.SIGINT, former)


def _default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def birth_of(pid: int) -> int:
    """When a process started (in clock ticks): tells it from a later namesake."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    fields = text.rpartition(")")[2].split()
    # A process that has ended and that nobody has waited for does not count.
    return 0 if fields[0] == "Z" else int(fields[19])


def tail(path: Path, max_bytes: int = 4000) -> str:
    """The end of a log."""
    try:
        with path.open("rb") as stream:
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - max_bytes))
            return stream.read().decode(errors="replace")
    except OSError:
        return ""


def find_program(*names: str) -> str | None:
    """The first of these programs that is on PATH."""
    return next((path for name in names if (path := shutil.which(name))), None)
