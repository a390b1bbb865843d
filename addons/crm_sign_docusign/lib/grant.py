"""The signed assertion of a JWT grant, RFC 7523 with RS256.

https://developers.docusign.com/platform/auth/jwt-get-token, read 2026-11.
"""

from __future__ import annotations

import base64
import json
import re
from urllib.parse import urlencode, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from odoo.addons.crm_base.lib.errors import ConfigurationError

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFETIME_SECONDS = 600
_SMALLEST_KEY_BITS = 2048
_PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----(.+?)-----END \1-----", re.DOTALL)


def read_private_key(pem: str) -> RSAPrivateKey:
    """Return the RSA key that a person pasted, also without its ends of lines.

    A field of one line swallows them.

    :raise ConfigurationError: it is none, or too short to be taken
    """
    found = _PEM.search(pem)
    if not found:
        raise ConfigurationError("the private key cannot be read")
    text = re.sub(r"\s+", "", found[2])
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    frame = f"-----{{}} {found[1]}-----".format
    pem = "\n".join([frame("BEGIN"), *lines, frame("END"), ""])
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, ValueError, UnsupportedAlgorithm):
        raise ConfigurationError("the private key cannot be read") from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigurationError("the private key is not an RSA key")
    if key.key_size < _SMALLEST_KEY_BITS:
        raise ConfigurationError("the private key is too short")
    return key


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def build_assertion(
    pem: str,
    *,
    integration_key: str,
    user_guid: str,
    oauth_url: str,
    scope: str,
    now: int,
) -> str:
    """Return the assertion that is exchanged for an access token.

    :param pem: the RSA private key
    :param oauth_url: address of the sign-in host; its name is the audience
    :param now: current Unix time
    """
    claims = {
        "iss": integration_key,
        "sub": user_guid,
        "aud": urlsplit(oauth_url).netloc,
        "iat": now,
        "exp": now + LIFETIME_SECONDS,
        "scope": scope,
    }
    parts = [{"alg": "RS256", "typ": "JWT"}, claims]
    signed = ".".join(_encode(json.dumps(part).encode()) for part in parts)
    key = read_private_key(pem)
    signature = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{_encode(signature)}"


def consent_url(
    oauth_url: str, integration_key: str, scope: str, redirect_uri: str
) -> str:
    """Return the page where a person allows the application to speak for them."""
    query = {
        "response_type": "code",
        "scope": scope,
        "client_id": integration_key,
        "redirect_uri": redirect_uri,
    }
    return f"{oauth_url.rstrip('/')}/oauth/auth?{urlencode(query)}"
