"""One tab of Chromium that shows one document and prints it."""

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Callable
from typing import Any

from ..lib.assets import Asset
from ..lib.errors import EngineGoneError, PrintRefusedError, PrintTimeoutError
from .devtools import Connection, Mailbox, Message

_logger = logging.getLogger(__name__)

Fetch = Callable[[str], Asset | None]

# What a document may do, said a second time to the browser: no script, no frame, no
# form, no plug-in, no refresh (that is what the sandbox forbids besides).
POLICY = (
    "default-src 'none'; img-src * data: blob:; font-src * data:;"
    " style-src * data: 'unsafe-inline'; sandbox allow-same-origin"
)
# What a document is made of; all the rest (icons, scripts, pings ...) is refused.
PARTS = frozenset({"Font", "Image", "Stylesheet"})
POLL_SECONDS = 0.005
# Fonts and images that are still on their way, and the title of the document.
READINESS = """(() => {
  for (const image of document.images) { image.loading = "eager"; }
  document.documentElement.offsetHeight;
  return document.fonts.status === "loaded"
    && [...document.images].every((image) => image.complete);
})()"""
TITLE = """(() => {
  const heading = document.querySelector("h1, h2");
  return heading ? heading.textContent.replace(/\\s+/g, " ").trim().slice(0, 200) : "";
})()"""
# Put at the end of each document. Joined letters (fi, ffl) would be one character in
# the text of the PDF: who looks for "financier" in it must find it.
LAST_STYLE = b"<style>* { font-variant-ligatures: none !important; }</style>"
BLANK = "about:blank"
EMPTY = "document.replaceChildren()"
# Nobody looks: a window of a few lines saves painting. Pages have the size of paper.
WINDOW = {"newWindow": True, "width": 800, "height": 32}


class Tab:
    """A tab, used by one document at a time and kept for the next one."""

    def __init__(self, connection: Connection, mailbox: Mailbox, deadline: float):
        self._connection = connection
        self._html = b""
        self._url = ""
        self._fetch: Fetch = lambda url: None
        self._is_served = False
        self._loader = ""
        self._loaded: set[str] = set()
        self.take(mailbox)
        target = self._mailbox.call(
            "Target.createTarget", {"url": BLANK, **WINDOW}, deadline=deadline
        )
        self.target_id: str = target["targetId"]
        attached = self._mailbox.call(
            "Target.attachToTarget",
            {"targetId": self.target_id, "flatten": True},
            deadline=deadline,
        )
        self.session: str = attached["sessionId"]
        connection.listen(self.session, mailbox)
        for method, params in (
            ("Page.enable", {}),
            ("Page.setLifecycleEventsEnabled", {"enabled": True}),
            ("Inspector.enable", {}),
            ("Emulation.setScriptExecutionDisabled", {"value": True}),
            ("Emulation.setEmulatedMedia", {"media": "print"}),
            ("Fetch.enable", {"patterns": [{"urlPattern": "*"}]}),
            ("Browser.setDownloadBehavior", {"behavior": "deny"}),
        ):
            self._call(method, params, deadline)

    def take(self, mailbox: Mailbox) -> None:
        """Let another caller use the tab."""
        self._mailbox = mailbox
        if hasattr(self, "session"):
            self._connection.listen(self.session, mailbox)

    def clear(self) -> None:
        """Forget the document; nobody waits for it."""
        self._fetch, self._html, self._url = (lambda url: None), b"", ""
        self._mailbox.tell("Page.stopLoading", {}, self.session)
        self._mailbox.tell("Runtime.evaluate", {"expression": EMPTY}, self.session)

    def close(self) -> None:
        """Close the tab; nobody waits for it."""
        try:
            self._mailbox.tell("Target.closeTarget", {"targetId": self.target_id})
        except EngineGoneError:
            return  # the tab went with its browser

    # -- the document ---------------------------------------------------------------

    def open(self, html: str, url: str, fetch: Fetch, deadline: float) -> None:
        """Start to load a document.

        :param url: where it would live: relative addresses start from there
        :param fetch: gives each part that the document asks for, or None
        """
        self._html = html.encode("utf-8", "replace") + LAST_STYLE
        self._url, self._fetch = url, fetch
        self._is_served, self._loader = False, ""
        self._loaded.clear()
        answer = self._call("Page.navigate", {"url": url}, deadline)
        if answer.get("errorText"):
            raise PrintRefusedError(f"the document: {answer['errorText']}")
        self._loader = answer["loaderId"]

    def wait_ready(self, deadline: float) -> None:
        """Wait for styles, images and fonts."""
        self._mailbox.pump_until(lambda: self._loader in self._loaded, deadline, "load")
        while not self.evaluate(READINESS, deadline):
            if time.monotonic() > deadline:
                raise PrintTimeoutError("fonts and images: no end in sight")
            self._mailbox.pump_for(POLL_SECONDS)

    def evaluate(self, expression: str, deadline: float) -> Any:
        """Run our own script; those of the document never run."""
        answer = self._call(
            "Runtime.evaluate",
            {"expression": expression, "returnByValue": True},
            deadline,
        )
        if "exceptionDetails" in answer:
            raise PrintRefusedError(str(answer["exceptionDetails"].get("text")))
        return answer["result"].get("value")

    def print(self, options: dict[str, float | bool], deadline: float) -> bytes:
        """Return the PDF of the document as it stands."""
        answer = self._call("Page.printToPDF", options, deadline)
        return base64.b64decode(answer["data"])

    def _call(self, method: str, params: Message, deadline: float) -> Message:
        return self._mailbox.call(
            method, params, session=self.session, deadline=deadline
        )

    # -- what the browser tells -----------------------------------------------------

    def handle(self, event: Message) -> None:
        """React to an event of this tab."""
        method = event["method"]
        if method == "Fetch.requestPaused":
            self._answer(event["params"])
        elif method == "Page.lifecycleEvent" and event["params"]["name"] == "load":
            # The blank page before the document also says that it is there: the
            # number of the loading tells them apart.
            self._loaded.add(event["params"]["loaderId"])
        elif method in ("Inspector.targetCrashed", "Inspector.detached"):
            raise EngineGoneError(f"the tab ended: {method}")

    def _answer(self, params: Message) -> None:
        asset = self._find(params)
        if asset is None:
            order, arguments = "Fetch.failRequest", {"errorReason": "Aborted"}
        else:
            order, arguments = "Fetch.fulfillRequest", _response(asset)
        arguments["requestId"] = params["requestId"]
        self._mailbox.tell(order, arguments, self.session)

    def _find(self, params: Message) -> Asset | None:
        request = params["request"]
        if params.get("resourceType") == "Document":
            # One document per order: no frame, no refresh, no way elsewhere.
            if self._is_served or request["url"] != self._url:
                return None
            self._is_served = True
            return Asset(self._html, "text/html; charset=utf-8")
        if params.get("resourceType") not in PARTS or request["method"] != "GET":
            return None
        return self._fetch(request["url"])


def _response(asset: Asset) -> Message:
    # What was fetched with somebody's rights is not kept for the next document.
    cache = "max-age=86400, immutable" if asset.is_public else "no-store"
    headers = {
        "Content-Type": asset.mimetype,
        "Cache-Control": cache,
        "Access-Control-Allow-Origin": "*",
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return {
        "responseCode": 200,
        "responseHeaders": [{"name": k, "value": v} for k, v in headers.items()],
        "body": base64.b64encode(asset.content).decode(),
    }
