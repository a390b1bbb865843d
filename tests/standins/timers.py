"""Actions that run later, all on one thread."""

import heapq
import itertools
import logging
import threading
import time

_logger = logging.getLogger(__name__)


class Timers:
    """``later(seconds, action)`` runs the action once; ``stop()`` forgets the rest."""

    def __init__(self, name):
        self._heap = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def later(self, delay_seconds, action):
        with self._changed:
            at = time.monotonic() + delay_seconds
            heapq.heappush(self._heap, (at, next(self._order), action))
            self._changed.notify()

    def stop(self):
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join(timeout=5)

    def _next(self):
        """Wait for the next action that is due; None when stopped."""
        with self._changed:
            while not self._stopped:
                if not self._heap:
                    self._changed.wait()
                    continue
                wait = self._heap[0][0] - time.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(wait)
        return None

    def _run(self):
        while (action := self._next()) is not None:
            try:
                action()
            except Exception:
                _logger.exception("A timed action of the stand-in failed")
