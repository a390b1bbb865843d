"""Signed files as they come down: one PDF, or a ZIP of several."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

PDF, ZIP = b"%PDF-", b"PK\x03\x04"
MAX_ENTRIES = 200


class UnreadableFileError(Exception):
    """What came is neither a PDF nor a sound ZIP of PDFs."""


def unpack(content: bytes, max_bytes: int) -> dict[str, bytes]:
    """Return {name: PDF}; a single PDF has an empty name.

    :param max_bytes: of all files together once unpacked
    :raise UnreadableFileError: neither a PDF nor a sound ZIP of PDFs
    """
    if content.startswith(PDF):
        return {"": content}
    if not content.startswith(ZIP):
        raise UnreadableFileError("neither a PDF nor a ZIP")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [item for item in archive.infolist() if not item.is_dir()]
            total = sum(item.file_size for item in entries)
            if len(entries) > MAX_ENTRIES or total > max_bytes:
                raise UnreadableFileError("the ZIP is too large")
            files = {item.filename: archive.read(item) for item in entries}
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError) as error:
        raise UnreadableFileError(f"the ZIP is damaged ({error})") from None
    if not files or not all(data.startswith(PDF) for data in files.values()):
        raise UnreadableFileError("the ZIP does not hold PDF files only")
    return files


def match(wanted: Mapping[str, str], files: Mapping[str, bytes]) -> dict | None:
    """Return {key: PDF} for documents found by name, None unless all are found.

    :param wanted: key of each document -> its name at the vendor, without ending
    :param files: result of :func:`unpack`
    """
    if len(wanted) == len(files) == 1:
        return dict(zip(wanted, files.values(), strict=True))
    by_stem: dict[str, list[bytes]] = {}
    for name, content in files.items():
        by_stem.setdefault(stem(name), []).append(content)
    found = {key: by_stem.get(stem(name), []) for key, name in wanted.items()}
    if any(len(contents) != 1 for contents in found.values()):
        return None
    return {key: contents[0] for key, contents in found.items()}


def stem(name: str) -> str:
    """Return a file name without folder and ending, in small letters."""
    return name.rsplit("/", 1)[-1].casefold().removesuffix(".pdf").strip()
