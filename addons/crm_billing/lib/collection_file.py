"""What a collection file is made of: safe names, index, mails, a ZIP on disk."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

NAME_LENGTH = 80
BLOCK_BYTES = 1 << 20
# A spreadsheet would run a cell that begins with one of these.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
RESERVED = {"con", "prn", "aux", "nul"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)
}


@dataclass(frozen=True)
class Part:
    """One document of the file, or the note that there is none.

    :param section: key of the folder
    :param name: wanted file name; empty when there is only a note
    :param title: what it is, for the index
    :param day: date of the document
    :param document: number of the invoice or order it belongs to
    :param content: bytes, or the path of a file that is copied as it is
    :param note: what the reader must know: proof of sending, why it is missing
    """

    section: str
    name: str = ""
    title: str = ""
    day: date | None = None
    document: str = ""
    content: bytes | Path | None = None
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """A part once it is written: where it is and what it weighs."""

    part: Part
    path: str = ""
    size: int = 0
    sha256: str = ""


def safe_name(text: str, default: str = "document") -> str:
    """Return a file name that every system accepts and no archive can misuse.

    >>> safe_name("../F/2026:0001 été?.pdf")
    'F-2026-0001 ete.pdf'
    >>> safe_name("CON.pdf")
    '_CON.pdf'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ ()-]+", "-", plain)
    plain = re.sub(r"\.{2,}", ".", plain)
    plain = re.sub(r"-+(\.[A-Za-z0-9]+)$", r"\1", plain).strip(" .-_")
    stem, dot, extension = plain.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,5}", extension):
        stem, dot, extension = plain, "", ""
    stem = stem[:NAME_LENGTH].rstrip(" .-") or default
    if stem.lower() in RESERVED:
        stem = f"_{stem}"
    return f"{stem}{dot}{extension}"


def free_name(wanted: str, taken: set[str]) -> str:
    """Return the name, numbered when another file has it; case does not count."""
    stem, dot, extension = wanted.rpartition(".")
    if not dot:
        stem, extension = wanted, ""
    name, number = wanted, 2
    while name.lower() in taken:
        name = f"{stem} ({number}){dot}{extension}"
        number += 1
    taken.add(name.lower())
    return name


def csv_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV that a French spreadsheet opens: semicolons, UTF-8 with mark.

    A text that looks like a formula is quoted, so that nothing runs; numbers keep
    their sign.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_safe_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _safe_cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return str(cell)


@dataclass
class MailCopy:
    """A mail as it left, to be written as an .eml file."""

    subject: str
    sender: str
    recipients: Sequence[str]
    sent_at: datetime
    message_id: str
    html: str
    attachments: Sequence[tuple[str, str, bytes]] = field(default_factory=tuple)


def build_eml(mail: MailCopy) -> bytes:
    """Return the mail as bytes any mail program opens.

    :raise ValueError: never for a line break in a header: they become spaces
    """
    message = EmailMessage(policy=SMTP)
    headers = {
        "Subject": mail.subject,
        "From": mail.sender,
        "To": ", ".join(mail.recipients),
        "Date": format_datetime(mail.sent_at),
        "Message-ID": mail.message_id,
    }
    for name, value in headers.items():
        value = " ".join((value or "").split())
        if value:
            message[name] = value
    message.set_content(mail.html or "", subtype="html")
    for name, mimetype, content in mail.attachments:
        kind, _slash, subtype = mimetype.partition("/")
        message.add_attachment(
            content,
            maintype=kind or "application",
            subtype=subtype or "octet-stream",
            filename=safe_name(name),
        )
    return message.as_bytes()


class ZipOnDisk:
    """Writes parts into a ZIP, block by block: memory holds one part at most."""

    def __init__(self, path: Path, folders: dict[str, str]):
        """:param folders: section -> folder name inside the ZIP"""
        self._folders = folders
        self._taken: dict[str, set[str]] = {}
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)

    def __enter__(self) -> ZipOnDisk:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()

    def add(self, part: Part) -> Entry:
        """Write one part; a note without content only goes to the index."""
        if part.content is None:
            return Entry(part)
        folder = self._folders.get(part.section, "")
        taken = self._taken.setdefault(folder, set())
        name = free_name(safe_name(part.name), taken)
        path = f"{folder}/{name}" if folder else name
        digest, size = hashlib.sha256(), 0
        with self._zip.open(path, "w", force_zip64=True) as target:
            for block in _blocks(part.content):
                digest.update(block)
                size += len(block)
                target.write(block)
        return Entry(part, path, size, digest.hexdigest())


def _blocks(content: bytes | Path) -> Iterable[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while block := source.read(BLOCK_BYTES):
            yield block
