"""Encryption of short secrets at rest.

A sealed value reads ``enc1:<fingerprint>:<Fernet token>``. The fingerprint names
the key that sealed it without revealing it, so that a wrong key and a pending
rotation are seen without decrypting anything. Fernet (AES-128-CBC with
HMAC-SHA256) is specified at https://github.com/fernet/spec.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken

from .errors import ConfigurationError

PREFIX = "enc1:"
FINGERPRINT_CHARS = 8


class UnreadableSecret(Exception):
    """The value was sealed by a key we do not have, or is damaged."""


def fingerprint(key: str) -> str:
    """Return the short public name of a key: 8 hexadecimal characters."""
    digest = hashlib.sha256(b"crm_base key name:" + key.encode()).hexdigest()
    return digest[:FINGERPRINT_CHARS]


def sealed_fingerprint(value: str) -> str | None:
    """Return the fingerprint of the key that sealed ``value``, None when clear."""
    prefix, *rest = value.split(":", 2)
    return rest[0] if prefix == "enc1" and len(rest) == 2 else None


def split_keys(text: str) -> tuple[str, ...]:
    """Return the keys of a setting: separated by commas, spaces or new lines.

    Lines of a key file that start with ``#`` are comments.

    >>> split_keys("one, two")
    ('one', 'two')
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return tuple(" ".join(lines).replace(",", " ").split())


class SecretBox:
    """Seals with the first key, opens with any of them.

    :param keys: Fernet keys (32 bytes in URL-safe base64), newest first
    :raise ConfigurationError: no key, or one that is not a Fernet key
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ConfigurationError("no encryption key")
        self._fernets: dict[str, Fernet] = {}
        for key in keys:
            try:
                fernet = Fernet(key)
            except ValueError as error:
                # the key itself must not appear in a message
                raise ConfigurationError("malformed encryption key") from error
            self._fernets.setdefault(fingerprint(key), fernet)
        self.fingerprints = tuple(self._fernets)
        self.current_prefix = f"{PREFIX}{self.fingerprints[0]}:"

    def encrypt(self, text: str) -> str:
        """Return ``text`` sealed by the current key."""
        token = self._fernets[self.fingerprints[0]].encrypt(text.encode())
        return self.current_prefix + token.decode()

    def decrypt(self, sealed: str) -> str:
        """Return the text inside a sealed value.

        :raise UnreadableSecret: not sealed, unknown key, or damaged
        """
        name = sealed_fingerprint(sealed)
        fernet = self._fernets.get(name) if name else None
        if fernet is None:
            raise UnreadableSecret(f"sealed by key {name or 'none'}")
        try:
            return fernet.decrypt(sealed.split(":", 2)[2].encode()).decode()
        except (InvalidToken, UnicodeDecodeError) as error:
            raise UnreadableSecret(f"damaged value of key {name}") from error

    def needs_rotation(self, sealed: str) -> bool:
        """Tell whether a stored value is clear or sealed by an older key."""
        return sealed_fingerprint(sealed) != self.fingerprints[0]

    def rotate(self, sealed: str) -> str:
        """Return the same secret sealed by the current key, or as :meth:`decrypt`."""
        needs_rotation = self.needs_rotation(sealed)
        return self.encrypt(self.decrypt(sealed)) if needs_rotation else sealed
