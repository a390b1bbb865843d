"""Sound files that transcription services take."""

from __future__ import annotations

# https://platform.openai.com/docs/guides/speech-to-text, checked 2026-11: 25 MB
MAX_SOUND_BYTES = 25 * 1024 * 1024
ENDINGS = (".mp3", ".mp4", ".mpeg", ".mpga", ".m4a", ".wav", ".webm", ".ogg", ".oga",
           ".opus", ".flac")  # fmt: skip
_BY_MIMETYPE = {
    "audio/webm": ".webm",
    "video/webm": ".webm",
    "audio/ogg": ".ogg",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/flac": ".flac",
}
_STARTS = (
    *(b"\x1aE\xdf\xa3", b"OggS", b"RIFF", b"ID3", b"fLaC"),
    *(b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1"),
)


def is_sound(name: str, content: bytes) -> bool:
    """Tell whether a file is a sound, by its first bytes."""
    looks = content.startswith(_STARTS) or content[4:8] == b"ftyp"
    return looks and (name.lower().endswith(ENDINGS) or "." not in name)


def sound_ending(mimetype: str) -> str:
    """Return the ending for what a browser recorded.

    >>> sound_ending("audio/webm;codecs=opus")
    '.webm'
    """
    return _BY_MIMETYPE.get(mimetype.partition(";")[0].strip().lower(), ".webm")
