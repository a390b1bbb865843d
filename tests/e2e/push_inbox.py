"""A device that gets pushes: the service it subscribed at, and its key to read them."""

import base64
import json
import secrets

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests.standins.serving import Handler, Standin

# RFC 8188: salt, size of a record, length of the sender's key, then that key.
SALT_BYTES, KEY_AT, KEY_BYTES = 16, 21, 65


class _Handler(Handler):
    def dispatch(self, method, url, body):
        self.standin.received.append(body)
        self.answer(201, b"", "text/plain")


class PushInbox(Standin):
    """One subscribed browser; ``read()`` decrypts what came (RFC 8291)."""

    name = "push"
    handler_class = _Handler

    def __init__(self):
        super().__init__()
        self.received: list[bytes] = []
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = secrets.token_bytes(16)
        self._public = _encode_point(self._key.public_key())

    def subscribe(self, rpc) -> None:
        """Tell the server of this device, as the browser of this user does."""
        device = "mail.push.device"
        server_key = rpc.call(device, "get_web_push_vapid_public_key")
        rpc.call(
            device,
            "register_devices",
            vapid_public_key=server_key,
            endpoint=f"{self.base_url}/{secrets.token_hex(8)}",
            keys={"p256dh": _base64(self._public), "auth": _base64(self._auth)},
        )

    def read(self) -> list[dict]:
        """Return the pushes as the device shows them: ``title``, ``options``."""
        return [json.loads(self._decrypt(body)) for body in self.received]

    def _decrypt(self, body: bytes) -> bytes:
        salt = body[:SALT_BYTES]
        sender = body[KEY_AT : KEY_AT + KEY_BYTES]
        shared = self._key.exchange(
            ec.ECDH(),
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender),
        )
        context = b"WebPush: info\x00" + self._public + sender
        secret = _derive(shared, self._auth, context, 32)
        key = _derive(secret, salt, b"Content-Encoding: aes128gcm\x00", 16)
        nonce = _derive(secret, salt, b"Content-Encoding: nonce\x00", 12)
        padded = AESGCM(key).decrypt(nonce, body[KEY_AT + KEY_BYTES :], None)
        return padded.rstrip(b"\x00")[:-1]


def _derive(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def _encode_point(key) -> bytes:
    return key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
