"""``./crm up --detach``: the same run in a session of its own."""

import os
import signal
import subprocess
import sys
import time

from . import proc
from .console import say
from .paths import Paths
from .runstate import RunFile

_ENV_MARK = "CRM_DETACHED"


def is_detached() -> bool:
    return os.environ.get(_ENV_MARK) == "1"


def run_detached(paths: Paths, arguments: list[str]) -> int:
    """Start ``./crm`` with these arguments behind us; return when it is ready."""
    log = paths.logs / "up.log"
    command = [sys.executable, str(paths.root / "crm"), *arguments]
    with log.open("wb") as output, proc.interruption.held_back():
        behind = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, _ENV_MARK: "1"},
            start_new_session=True,
        )
    try:
        return _follow(paths, behind, log)
    except KeyboardInterrupt:
        # Not ready yet: giving up means that nothing stays.
        behind.send_signal(signal.SIGTERM)
        behind.wait()
        raise


def _follow(paths: Paths, behind: subprocess.Popen, log) -> int:
    run_file = RunFile(paths)
    with log.open(encoding="utf-8", errors="replace") as stream:
        while True:
            code = behind.poll()
            state = run_file.read()
            is_ready = bool(state and state.ready and state.pid == behind.pid)
            text = stream.read()
            if text:
                print(text, end="", flush=True)
            if code is not None:
                return code
            if is_ready:
                say("It goes on in the background: ./crm status, ./crm stop.")
                return 0
            time.sleep(0.1)
