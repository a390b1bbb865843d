"""Messages of the DevTools pipe: JSON texts, each ended by a zero byte.

Source: https://chromium.googlesource.com/chromium/src/+/main/content/public/browser/
devtools_agent_host.h (`--remote-debugging-pipe`), read 2026-11.
"""

import json
from typing import Any

END = b"\0"


def encode_message(message: dict[str, Any]) -> bytes:
    """Return the bytes of one message.

    >>> encode_message({"id": 1, "method": "Browser.getVersion"})
    b'{"id":1,"method":"Browser.getVersion"}\\x00'
    """
    # Escaped to ASCII: a lone surrogate in a template cannot break the frame, and
    # a zero character becomes \u0000 instead of an end.
    return json.dumps(message, separators=(",", ":")).encode("ascii") + END


class MessageSplitter:
    """Gives back whole messages from pieces of any size."""

    def __init__(self) -> None:
        # A printed document comes as one message in many pieces: they are joined
        # once, at its end.
        self._pieces: list[bytes] = []

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Return the messages that `data` completes.

        :raise ValueError: when a message is no JSON object
        """
        *ended, rest = data.split(END)
        messages = []
        for piece in ended:
            self._pieces.append(piece)
            text = b"".join(self._pieces)
            self._pieces.clear()
            if text:
                messages.append(_decode(text))
        if rest:
            self._pieces.append(rest)
        return messages


def _decode(text: bytes) -> dict[str, Any]:
    message = json.loads(text)
    if not isinstance(message, dict):
        raise ValueError("a DevTools message is an object")
    return message
