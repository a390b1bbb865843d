"""File locks: they vanish with their process, so nothing stale can remain."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class HeldLock:
    """An open file with a lock on it; released by close() or the end of us."""

    def __init__(self, path: Path, descriptor: int):
        self.path = path
        self.descriptor = descriptor

    def to_exclusive(self) -> bool:
        """Become the only holder; False when others hold it too."""
        return _try(self.descriptor, fcntl.LOCK_EX)

    def to_shared(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_SH)

    def close(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def try_lock(path: Path, *, shared: bool = False) -> HeldLock | None:
    """Take the lock now, or None when somebody else has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Children do not inherit it (PEP 446): the lock is ours alone.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if _try(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX):
        return HeldLock(path, descriptor)
    os.close(descriptor)
    return None


@contextmanager
def locked(
    path: Path, *, shared: bool = False, on_wait: Callable[[], None] | None = None
) -> Iterator[HeldLock]:
    """Wait for the lock, hold it for the block.

    :param on_wait: called once when somebody else has it
    """
    lock = try_lock(path, shared=shared)
    if lock is None and on_wait:
        on_wait()
    while lock is None:
        time.sleep(0.2)
        lock = try_lock(path, shared=shared)
    try:
        yield lock
    finally:
        lock.close()
