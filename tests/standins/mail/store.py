"""The mails that were caught: one .eml file each."""

import email
import email.policy
import itertools
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

_NAME = re.compile(r"[0-9]{14}-[0-9]{4}")


@dataclass(frozen=True)
class CaughtMail:
    """A mail as it came.

    :param name: of its file, without ending
    :param recipients: the real ones, hidden copies included
    """

    name: str
    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        return email.message_from_bytes(self.raw, policy=email.policy.default)


class MailStore:
    """A folder of mails."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)

    def add(self, sender: str, recipients: list[str], raw: bytes) -> None:
        """Write the mail; its envelope goes on top as headers of ours."""
        stamp = time.strftime("%Y%m%d%H%M%S")
        path = self.folder / f"{stamp}-{next(self._numbers) % 10000:04d}.eml"
        envelope = (
            f"X-Caught-From: {sender}\r\nX-Caught-To: {', '.join(recipients)}\r\n"
        )
        partial = path.with_suffix(".partial")
        partial.write_bytes(envelope.encode() + raw)
        partial.replace(path)

    def all(self) -> list[CaughtMail]:
        """Every mail, the newest first."""
        paths = sorted(self.folder.glob("*.eml"), reverse=True)
        return [_read(path) for path in paths]

    def get(self, name: str) -> CaughtMail | None:
        path = self.folder / f"{name}.eml"
        return _read(path) if _NAME.fullmatch(name) and path.is_file() else None


def _read(path: Path) -> CaughtMail:
    envelope, _newline, rest = path.read_bytes().partition(b"\r\nX-Caught-To: ")
    recipients, _newline, raw = rest.partition(b"\r\n")
    names = recipients.decode("utf-8", "replace").split(", ")
    return CaughtMail(path.stem, tuple(names), raw)
