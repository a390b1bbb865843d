"""One headless Chromium: its command line, its start, its end."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from ..lib.errors import EngineGoneError, EngineStartError, PrintError
from .devtools import Connection, Mailbox
from .tab import Tab

_logger = logging.getLogger(__name__)

START_SECONDS = 30.0
# What Chromium said last, for the log when it does not start.
COMPLAINT_BYTES = 2000
# Idle tabs that wait for the next document; each is a process of some 30 MB.
KEPT_TABS = 2

# Nothing may leave the machine, whatever a document asks for: every name is
# unknown, and every connection goes to a proxy that is not there (port 9 is
# "discard"). What a document needs is handed over through DevTools.
FLAGS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--disable-software-rasterizer",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-back-forward-cache",
    "--disable-features=AutofillServerCommunication,BackForwardCache"
    ",CertificateTransparencyComponentUpdater,DialMediaRouteProvider,MediaRouter"
    ",OptimizationHints,PaintHolding,ProactivelySwapBrowsingInstancesSameSite"
    ",RenderDocument,SpareRendererForSitePerProcess,Translate",
    "--disable-plugins",
    "--disable-sync",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-startup-window",
    "--password-store=basic",
    "--use-mock-keychain",
)
# Odoo limits the address space and the processor time of its processes, and
# children inherit both: Chromium reserves far more addresses than it uses, and lives
# longer than one request. The shell stays, to remove the profile at the end: also
# when this process was killed.
WRAPPER = """
ulimit -S -v unlimited 2>/dev/null
ulimit -S -t unlimited 2>/dev/null
profile=$1
shift
"$@" 3<&0 4>&1 </dev/null >/dev/null
rm -rf -- "$profile"
"""
# No secret of the server (keys, passwords, addresses) reaches the browser.
KEPT_VARIABLES = frozenset(
    "PATH HOME LANG LC_ALL LC_CTYPE TZ TMPDIR FONTCONFIG_FILE FONTCONFIG_PATH"
    " XDG_DATA_HOME XDG_DATA_DIRS LD_LIBRARY_PATH".split()
)


@dataclass
class Usage:
    """What one Chromium has done and is doing."""

    documents: int = 0
    borrowers: int = 0
    last_used: float = 0.0


class Chromium:
    """A running browser.

    :param program: path of the executable
    :param on_tick: called from time to time by the reading thread
    """

    def __init__(self, program: str, on_tick: Callable[[Chromium], None]) -> None:
        self.usage = Usage(last_used=time.monotonic())
        self.version = ""
        self._on_tick = on_tick
        self._end_lock = threading.Lock()
        self._tabs_lock = threading.Lock()
        self._tabs: list[Tab] = []
        self._start(program)

    # -- life ----------------------------------------------------------------------

    def _start(self, program: str) -> None:
        attempts = [["--no-sandbox"]]
        if os.geteuid():
            # Containers often forbid the name spaces that the sandbox needs.
            attempts.insert(0, [])
        for number, extra in enumerate(attempts, 1):
            try:
                self._launch([program, *FLAGS, *extra])
                return
            except PrintError as error:
                self._settle()
                complaint = self._read_complaint()
                self.end()
                if number == len(attempts):
                    raise EngineStartError(f"{error}; it said: {complaint}") from error
                _logger.info("Chromium starts without its sandbox: %s", complaint)

    def _launch(self, command: list[str]) -> None:
        self.profile = Path(tempfile.mkdtemp(prefix="report_chromium."))
        # Open as long as the browser: closed by `end`.
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115
        ours, theirs = socket.socketpair()
        environment = {k: v for k, v in os.environ.items() if k in KEPT_VARIABLES}
        environment["XDG_CONFIG_HOME"] = environment["XDG_CACHE_HOME"] = str(
            self.profile
        )
        command = [*command, f"--user-data-dir={self.profile / 'user'}"]
        try:
            self.process = subprocess.Popen(
                ["/bin/sh", "-c", WRAPPER, "sh", str(self.profile), *command],
                stdin=theirs,
                stdout=theirs,
                stderr=self._complaints,
                env=environment,
                cwd="/",
                start_new_session=True,
            )
        finally:
            theirs.close()
        self.connection = Connection(ours, lambda: self._on_tick(self))
        mailbox = self.open_mailbox()
        version = mailbox.call(
            "Browser.getVersion", deadline=time.monotonic() + START_SECONDS
        )
        self.version = version["product"]
        _logger.info("%s prints for process %s", self.version, os.getpid())

    def _settle(self) -> None:
        """Let a browser that is about to leave say its last words."""
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:
            return  # it hangs: its end follows

    def _read_complaint(self) -> str:
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(size - COMPLAINT_BYTES, 0))
        text = self._complaints.read().decode("utf-8", "replace").strip()
        return text or "nothing"

    def end(self) -> None:
        """Close the pipe, then make sure that nothing is left."""
        with self._end_lock:
            self.connection.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self._kill()
            shutil.rmtree(self.profile, ignore_errors=True)
            self._complaints.close()

    def _kill(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it left between the look and the shot
        self.process.wait(5)

    def abandon(self) -> None:
        """After a fork: the browser belongs to the parent process."""
        self.connection.abandon()

    # -- looking -------------------------------------------------------------------

    @property
    def is_alive(self) -> bool:
        return self.connection.is_open

    def read_memory_bytes(self) -> int:
        """Memory of the whole family; pages they share are counted once."""
        total = 0
        try:
            family = psutil.Process(self.process.pid).children(recursive=True)
        except psutil.Error:
            return 0
        for member in family:
            try:
                total += member.memory_full_info().pss
            except psutil.Error:
                continue  # it ended, or the kernel keeps its account to itself
        return total

    # -- tabs ----------------------------------------------------------------------

    def open_mailbox(self) -> Mailbox:
        if not self.is_alive:
            raise EngineGoneError("Chromium has ended")
        return Mailbox(self.connection)

    def take_tab(self, mailbox: Mailbox, deadline: float) -> Tab:
        """An idle tab, or a new one."""
        with self._tabs_lock:
            tab = self._tabs.pop() if self._tabs else None
        if tab is None:
            return Tab(self.connection, mailbox, deadline)
        tab.take(mailbox)
        return tab

    def give_back_tab(self, tab: Tab) -> None:
        """Keep a tab in good health for the next document; many are too many."""
        with self._tabs_lock:
            if len(self._tabs) < KEPT_TABS:
                tab.clear()
                self._tabs.append(tab)
                return
        tab.close()
