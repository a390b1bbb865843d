"""Where files wait: one folder per database in Odoo's data folder.

Uploaded accounts and exports are hundreds of megabytes: they are streamed to disk,
never carried in memory, in the database or in the attachments. The name on disk is
a random token; whoever holds no record with that token reaches nothing.
"""

import os
import re
import secrets
from pathlib import Path

from odoo.tools import config

TOKEN = re.compile(r"[0-9a-f]{32}")
BLOCK_SIZE = 1 << 20


def new_token() -> str:
    """Return the name of a new file."""
    return secrets.token_hex(16)


def folder(dbname: str) -> Path:
    """Return the folder of a database, which only the server may read."""
    path = Path(config["data_dir"]) / "fec" / dbname
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def path_of(dbname: str, token: str) -> Path:
    """Return the path of a file.

    :raises ValueError: when the token is not one of ours
    """
    if not TOKEN.fullmatch(token or ""):
        raise ValueError("not a spool token")
    return folder(dbname) / token


def read_blocks(path: Path):
    """Yield the bytes of a file, a megabyte at a time."""
    with path.open("rb") as stream:
        while block := stream.read(BLOCK_SIZE):
            yield block


def save(stream, path: Path) -> int:
    """Copy a stream to a file only the server may read; return its size."""
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        while block := stream.read(BLOCK_SIZE):
            target.write(block)
            size += len(block)
    return size
