"""Transcripts in the forms that people have: WebVTT, SRT, plain text, Whisper's JSON.

All become a tuple of segments; the place of a segment in it is its index, to which
everything said of the meeting points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

from odoo.addons.crm_ai.lib.messages import Segment

from .decoding import TranscriptError, decode

TEXT_EXTENSIONS = (".vtt", ".srt", ".txt", ".md", ".json")
_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?"
_CUE = re.compile(rf"^\s*{_TIME}\s*-->\s*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[\w.-]+)?\s+([^>]+)>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:v|c|i|b|u|ruby|rt|lang|font)\b[^>]*>|<[\d:.]+>", re.I)
# "[00:12:03] Claire :", "00:12:03 - Claire Petit:", "Claire Petit (00:12) :"
_STAMP = re.compile(rf"^\s*[\[(]?\s*{_TIME}\s*[\])]?\s*[-:|]?\s*")
_NAME = r"[^\W\d_][\w.'\u2019-]*"
_SPEAKER = re.compile(
    rf"^\s*({_NAME}(?:[ \u00a0]{_NAME}|[ \u00a0]\d{{1,2}}"
    rf"|[ \u00a0]\([^)]{{1,40}}\)){{0,4}})"
    r"\s*(?:[\[(]\s*([\d:.,]+)\s*[\])])?[ \u00a0]*:[ \u00a0\t]+(?=\S)"
)
# a colon in a sentence is no speaker
_NOT_SPEAKERS = re.compile(
    r"^(?:donc|alors|bon|et|mais|ok|oui|non|voil\u00e0|par exemple|c'est|je|on|nous"
    r"|vous"
    r"|il|elle|budget|date|note|notes|objet|re|le|la|les|un|une|pour|en|au|https?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])\s+(?=[A-Z\u00c0-\u00dd\u00ab\"])")
# Longer stretches are cut at a sentence: a pointer must lead to what was said.
_MAX_CHARACTERS = 600


def parse_transcript(name: str, content: bytes) -> tuple[Segment, ...]:
    """Return what was said, in order.

    :param name: file name; only its ending counts, and the content when it lies
    :raise TranscriptError: with the code of what is wrong with the file
    """
    ending = _ending(name)
    if ending and ending not in TEXT_EXTENSIONS:
        raise TranscriptError("wrong_type")
    return parse_text(decode(content), ending)


def parse_text(text: str, ending: str = ".txt") -> tuple[Segment, ...]:
    """Return what was said in a text that is already decoded."""
    text = text.lstrip("\ufeff")
    stripped = text.lstrip()
    if ending == ".json" or stripped[:1] in ("{", "["):
        found = _read_json(stripped)
    else:
        found = None
    if found is None:
        if stripped.startswith("WEBVTT") or _has_cues(stripped):
            found = list(_read_cues(text))
        else:
            found = list(_read_lines(text))
    segments = tuple(piece for whole in found for piece in _cut(whole))
    if not any(any(c.isalpha() for c in segment.text) for segment in segments):
        raise TranscriptError("no_speech")
    return segments


def _ending(name: str) -> str:
    stem, dot, ending = name.strip().rpartition(".")
    return f".{ending.lower()}" if dot and stem and len(ending) <= 5 else ""


def _has_cues(text: str) -> bool:
    return any(_CUE.match(line) for line in text.split("\n")[:40])


# -- WebVTT and SRT ------------------------------------------------------------------


def _read_cues(text: str) -> Iterator[Segment]:
    """Cues of WebVTT and SRT; neighbours of one speaker mid-sentence are joined."""
    waiting: Segment | None = None
    for cue in _raw_cues(text):
        if waiting and _goes_on(waiting, cue):
            joined = f"{waiting.text} {cue.text}"
            waiting = replace(waiting, text=joined, end=cue.end)
            continue
        if waiting:
            yield waiting
        waiting = cue
    if waiting:
        yield waiting


def _goes_on(before: Segment, cue: Segment) -> bool:
    """Tell whether a cue ends the sentence of the one before."""
    return (
        before.speaker == cue.speaker
        and not before.text.endswith((".", "!", "?", "\u2026"))
        and len(before.text) < _MAX_CHARACTERS // 2
        and (cue.start or 0) - (before.end or 0) < 3
    )


def _raw_cues(text: str) -> Iterator[Segment]:
    for block in re.split(r"\n\s*\n", text):
        lines = block.strip("\n").split("\n")
        at = next((i for i, line in enumerate(lines) if _CUE.match(line)), None)
        if at is None:
            continue
        times = _CUE.match(lines[at]).groups()
        start, end = _seconds(times[:4]), _seconds(times[4:])
        said = " ".join(line.strip() for line in lines[at + 1 :] if line.strip())
        voice = _VOICE.search(said)
        said = _TAG.sub("", said).strip()
        speaker = voice.group(1).strip() if voice else ""
        if not speaker:
            speaker, said, _at = _split_speaker(said)
        if said:
            yield Segment(_unescape(said), start, end, speaker)


def _unescape(text: str) -> str:
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " ")):
        text = text.replace(entity, character)
    return text.replace("&amp;", "&")


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (int(fraction.ljust(3, "0")) / 1000 if fraction else 0)


# -- plain text ----------------------------------------------------------------------


def _read_lines(text: str) -> Iterator[Segment]:
    """A line is a segment; what it lacks (speaker) it takes from the one before.

    A line that holds only a speaker or a time belongs to the next one.
    """
    speaker, start = "", None
    for line in text.split("\n"):
        said = line.strip()
        if not said:
            continue
        stamp = _STAMP.match(said)
        if stamp:
            start, said = _seconds(stamp.groups()), said[stamp.end() :].strip()
        named, said, at = _split_speaker(said)
        if at is not None:
            start = at
        if named:
            speaker = named
        elif said.endswith(":") and _is_name(said[:-1]):
            speaker, said = said[:-1].strip(), ""
        if said and any(character.isalnum() for character in said):
            yield Segment(said, start, None, speaker)
            start = None


def _split_speaker(said: str) -> tuple[str, str, float | None]:
    """Return (speaker, rest, time) of "Claire Petit (00:12) : bonjour"."""
    match = _SPEAKER.match(said)
    if not match or not _is_name(match.group(1)):
        return "", said, None
    at = re.fullmatch(_TIME, match.group(2)) if match.group(2) else None
    rest = said[match.end() :].strip()
    return match.group(1).strip(), rest, _seconds(at.groups()) if at else None


def _is_name(text: str) -> bool:
    text = text.strip()
    if not text or len(text) > 60 or _NOT_SPEAKERS.match(text):
        return False
    words = text.split()
    return len(words) <= 6 and text[0].isupper() and not text.endswith((".", ","))


# -- JSON ----------------------------------------------------------------------------


def _read_json(text: str) -> list[Segment] | None:
    """Segments of Whisper (`verbose_json`, `diarized_json`) and its imitations."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    rows = content
    if isinstance(content, dict):
        rows = next(
            (
                content[key]
                for key in ("segments", "utterances", "results", "transcription")
                if isinstance(content.get(key), list)
            ),
            None,
        )
        if rows is None and isinstance(content.get("text"), str):
            return list(_read_lines(content["text"]))
    if not isinstance(rows, list):
        raise TranscriptError("no_speech")
    return [row for row in map(_read_row, rows) if row]


def _read_row(row) -> Segment | None:
    if not isinstance(row, dict):
        return None
    text = row.get("text") or row.get("transcript") or ""
    if not isinstance(text, str) or not text.strip():
        return None
    speaker = row.get("speaker") or row.get("speaker_label") or ""
    start, end = _number(row.get("start")), _number(row.get("end"))
    named, said, _at = ("", text.strip(), None)
    if not speaker:
        named, said, _at = _split_speaker(text.strip())
    return Segment(said, start, end, str(speaker).strip() or named)


def _number(value) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


# -- length --------------------------------------------------------------------------


def _cut(segment: Segment) -> Iterator[Segment]:
    """Cut a long stretch at its sentences; times are shared out by length."""
    text = segment.text.strip()
    if len(text) <= _MAX_CHARACTERS:
        yield replace(segment, text=text)
        return
    pieces: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        for part in _wrap(sentence):
            if pieces and len(pieces[-1]) + len(part) < _MAX_CHARACTERS // 2:
                pieces[-1] = f"{pieces[-1]} {part}"
            else:
                pieces.append(part)
    done = 0
    for piece in pieces:
        share = done / len(text)
        done += len(piece) + 1
        yield replace(
            segment,
            text=piece,
            start=_between(segment, share),
            end=_between(segment, min(1, done / len(text))),
        )


def _wrap(sentence: str) -> Iterator[str]:
    """Cut a sentence without end (no punctuation at all) between words."""
    while len(sentence) > _MAX_CHARACTERS:
        at = sentence.rfind(" ", 0, _MAX_CHARACTERS)
        at = at if at > 0 else _MAX_CHARACTERS
        yield sentence[:at].strip()
        sentence = sentence[at:].strip()
    if sentence:
        yield sentence


def _between(segment: Segment, share: float) -> float | None:
    if segment.start is None or segment.end is None:
        return segment.start if not share else None
    return round(segment.start + share * (segment.end - segment.start), 3)
