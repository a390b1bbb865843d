"""Talking DevTools with one Chromium over its pipe.

No port is opened: whoever holds the socket is the only one who can give orders, and
Chromium ends by itself when the socket closes, however this process dies.
"""

from __future__ import annotations

import itertools
import logging
import queue
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..lib.errors import EngineGoneError, PrintRefusedError, PrintTimeoutError
from ..lib.frames import MessageSplitter, encode_message

_logger = logging.getLogger(__name__)

Message = dict[str, Any]
EventHandler = Callable[[Message], None]

READ_BYTES = 1 << 20
# How often an idle connection looks at the clock.
TICK_SECONDS = 5.0


class Mailbox:
    """What one caller hears: answers to its orders and events of its tabs.

    Events are handled in the caller's own thread, while it waits: a handler may use
    whatever belongs to that thread, such as a database cursor.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._queue: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._answers: dict[int, Message] = {}
        self.on_event: EventHandler = lambda event: None

    def put(self, message: Message | None) -> None:
        """Deliver one message; None says that the browser is gone."""
        self._queue.put(message)

    def call(
        self,
        method: str,
        params: Message | None = None,
        *,
        session: str = "",
        deadline: float,
    ) -> Message:
        """Give an order and wait for its answer.

        :param session: the tab it is for, empty for the browser itself
        :param deadline: on the clock of `time.monotonic`
        :raise EngineGoneError: the browser or the tab ended
        :raise PrintRefusedError: Chromium answered with an error
        :raise PrintTimeoutError: no answer in time
        """
        number = self._connection.send(self, method, params or {}, session)
        self.pump_until(lambda: number in self._answers, deadline, method)
        answer = self._answers.pop(number)
        if "error" in answer:
            raise PrintRefusedError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def tell(
        self, method: str, params: Message | None = None, session: str = ""
    ) -> None:
        """Give an order whose answer nobody waits for."""
        self._connection.send(None, method, params or {}, session)

    def pump_until(
        self, is_done: Callable[[], bool], deadline: float, what: str
    ) -> None:
        """Handle messages until `is_done`."""
        while not is_done():
            try:
                message = self._queue.get(timeout=max(deadline - time.monotonic(), 0))
            except queue.Empty:
                raise PrintTimeoutError(f"{what}: no end in sight") from None
            if message is None:
                raise EngineGoneError(f"{what}: Chromium ended meanwhile")
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self.on_event(message)

    def pump_for(self, seconds: float) -> None:
        """Handle messages for a while."""
        end = time.monotonic() + seconds
        try:
            self.pump_until(lambda: False, end, "wait")
        except PrintTimeoutError:
            return

    def close(self) -> None:
        """Hear nothing any more."""
        self._connection.forget(self)


class Connection:
    """The socket to one Chromium, shared by every thread that prints.

    :param on_tick: called by the reading thread from time to time
    """

    def __init__(self, sock: socket.socket, on_tick: Callable[[], None]) -> None:
        self._socket = sock
        self._on_tick = on_tick
        self._numbers = itertools.count(1)
        self._write_lock = threading.Lock()
        self._lock = threading.Lock()
        self._waiting: dict[int, Mailbox] = {}
        self._mailboxes: dict[str, Mailbox] = {}
        self.is_open = True
        self._thread = threading.Thread(
            target=self._read, name="report_chromium.reader", daemon=True
        )
        self._thread.start()

    def send(
        self, mailbox: Mailbox | None, method: str, params: Message, session: str
    ) -> int:
        """Write one order; its answer goes to `mailbox`. Returns its number."""
        number = next(self._numbers)
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        with self._lock:
            if not self.is_open:
                raise EngineGoneError(f"{method}: Chromium has ended")
            if mailbox:
                self._waiting[number] = mailbox
        try:
            with self._write_lock:
                self._socket.sendall(encode_message(message))
        except OSError as error:
            # Known here before the reading thread notes it: nobody borrows it again.
            self.is_open = False
            raise EngineGoneError(f"{method}: {error}") from error
        return number

    def listen(self, session: str, mailbox: Mailbox) -> None:
        """Let the events of this tab go to this mailbox."""
        with self._lock:
            self._mailboxes[session] = mailbox

    def forget(self, mailbox: Mailbox) -> None:
        """Drop whatever would still arrive for this mailbox."""
        with self._lock:
            for known in (self._mailboxes, self._waiting):
                for key in [k for k, box in known.items() if box is mailbox]:
                    del known[key]

    def close(self) -> None:
        """Close the socket: Chromium reads the end and leaves."""
        self.is_open = False
        with suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)

    def abandon(self) -> None:
        """Close our copy of the socket only: a parent process still uses it."""
        self.is_open = False
        self._socket.close()

    # -- the reading thread --------------------------------------------------------

    def _read(self) -> None:
        splitter = MessageSplitter()
        selector = selectors.DefaultSelector()
        selector.register(self._socket, selectors.EVENT_READ)
        try:
            while self.is_open:
                if not selector.select(TICK_SECONDS):
                    self._on_tick()
                    continue
                data = self._socket.recv(READ_BYTES)
                if not data:
                    break
                for message in splitter.feed(data):
                    self._deliver(message)
        except (OSError, ValueError) as error:
            if self.is_open:
                _logger.info("The pipe to Chromium broke: %s", error)
        finally:
            selector.close()
            self._end()

    def _deliver(self, message: Message) -> None:
        with self._lock:
            if "id" in message:
                mailbox = self._waiting.pop(message["id"], None)
            else:
                mailbox = self._mailboxes.get(message.get("sessionId", ""))
        if mailbox:
            mailbox.put(message)

    def _end(self) -> None:
        with self._lock:
            self.is_open = False
            mailboxes = {*self._waiting.values(), *self._mailboxes.values()}
            self._waiting.clear()
            self._mailboxes.clear()
        for mailbox in mailboxes:
            mailbox.put(None)
        self._socket.close()
