"""The key that encrypts secrets: a file outside the database, mode 600."""

import base64
import hashlib
import os
import re
from pathlib import Path

from .console import Trouble
from .paths import write_private


def ensure_secret_key(path: Path) -> None:
    """Generate the key once; an existing one is never touched."""
    if path.exists():
        read_keys(path)
        return
    _write(path, [_new_key()])


def read_keys(path: Path) -> list[str]:
    """The keys of the file, the first one encrypts."""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(
            f"The secret key {path} cannot be read.",
            "Give it back to its owner (mode 600), or restore it from your copy.",
        ) from error
    keys = [key for key in re.split(r"[\s,]+", text) if key]
    if not keys:
        raise Trouble(
            f"The secret key {path} is empty.",
            "Restore it from your copy. Only if no secret was ever stored: delete "
            "the file and run ./crm again.",
        )
    return keys


def add_key(path: Path) -> None:
    """Put a new key first; the former ones still decrypt."""
    _write(path, [_new_key(), *read_keys(path)])


def forget_former_keys(path: Path) -> int:
    """Keep only the key that encrypts; returns how many went."""
    keys = read_keys(path)
    _write(path, keys[:1])
    return len(keys) - 1


def fingerprints(path: Path) -> list[str]:
    """What names each key without showing it, the one that encrypts first."""
    keys = read_keys(path) if path.exists() else []
    return [hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys]


def _new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _write(path: Path, keys: list[str]) -> None:
    write_private(path, ",".join(keys) + "\n")
