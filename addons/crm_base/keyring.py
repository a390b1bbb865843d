"""Where the encryption keys come from: outside the database, always.

In this order: environment variable ``CRM_SECRET_KEY`` (keys separated by commas,
the first one encrypts), the file named by environment variable
``CRM_SECRET_KEY_FILE``, the file named by option ``crm_secret_key_file`` of the
server configuration.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from odoo.tools import config

from .lib.crypto import SecretBox, split_keys
from .lib.errors import ConfigurationError

ENV_KEY = "CRM_SECRET_KEY"


@dataclass(frozen=True)
class Keyring:
    """What this process knows: a box, or the reason why there is none.

    ``problem`` is ``missing`` (nothing configured), ``unreadable`` (the file cannot
    be read) or ``malformed`` (not Fernet keys); None when ``box`` works.
    """

    box: SecretBox | None
    problem: str | None
    source: str


# The last keyring with what it was made from: (where, text or file stamp).
_last: tuple[tuple, Keyring] | None = None


def load() -> Keyring:
    """Return the keys, read again whenever the variable or the file changed."""
    global _last
    stamp = _stamp()
    last = _last  # other threads replace it
    if last is None or last[0] != stamp:
        last = _last = (stamp, _make(*stamp[:2]))
    return last[1]


def _stamp() -> tuple:
    if text := os.environ.get(ENV_KEY, "").strip():
        return ("env", text)
    path = os.environ.get("CRM_SECRET_KEY_FILE")
    path = path or config.get("crm_secret_key_file")
    if not path:
        return ("none", "")
    try:
        stat = os.stat(path)
    except OSError:
        return ("file", path, None)
    return ("file", path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


def _make(kind: str, value: str) -> Keyring:
    if kind == "none":
        return Keyring(None, "missing", "")
    source = ENV_KEY if kind == "env" else value
    try:
        text = value if kind == "env" else Path(value).read_text("ascii")
        if not (keys := split_keys(text)):
            return Keyring(None, "missing", source)
        return Keyring(SecretBox(keys), None, source)
    except FileNotFoundError:
        return Keyring(None, "missing", source)
    except (OSError, UnicodeDecodeError):
        return Keyring(None, "unreadable", source)
    except ConfigurationError:
        return Keyring(None, "malformed", source)
