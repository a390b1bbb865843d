"""What may stand between ``{{ }}`` and ``{% %}``: names, sections, nothing else.

There are no calls, no arithmetic and no attribute of anything: a name is a path in
the tree of offered values. French and English words mean the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

MAX_MARKER_LENGTH = 300
PATH = r"[^\W\d]\w*(?:\.[^\W\d]\w*){0,5}"
FILTERS = ("majuscules", "minuscules")

_PRINT = re.compile(rf"({PATH})\s*((?:\|[^|]*)*)")
_FILTER = re.compile(r"""(\w+)(?:\(\s*(?:"([^"]*)"|'([^']*)')\s*\))?""")
_LOOP = re.compile(rf"(?:pour|for)\s+([^\W\d]\w*)\s+(?:dans|in)\s+({PATH})")
_IF = re.compile(r"(?:si|if)\s+(.+)", re.DOTALL)
_OPTION = re.compile(r"option\s+(.+)", re.DOTALL)
_NOT = re.compile(rf"(?:non|not)\s+({PATH})")
_COMPARE = re.compile(
    rf"""({PATH})\s*(==|!=|>=|<=|=|>|<)\s*(?:"([^"]*)"|'([^']*)'|(-?\d+(?:[.,]\d+)?))"""
)
_ELSE = frozenset({"sinon", "else"})
_END = frozenset({"fin", "fin si", "fin pour", "fin option", "endif", "endfor"})
# Words that a DOCX engine keeps for itself: no row may be called so.
_RESERVED = frozenset(
    "and as block caller else elif endfor endif extends filter for from if import in"
    " include is loop macro not or recursive self set super true false none True False"
    " None".split()
)
# What editors leave inside words without anybody seeing it.
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff]")
_QUOTES = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u00ab": '"', "\u00bb": '"', "\u2019": "'"}
)
_ANCHOR = re.compile(
    r"(sign|initials|date|text|check)\s*:\s*(\d{1,2})\s*(?::([^{}|]*))?"
)


class MarkerError(ValueError):
    """What stands between the braces means nothing."""


@dataclass(frozen=True)
class Filter:
    """A last touch on a printed value; `argument` is the text of ``sinon("...")``."""

    name: str
    argument: str = ""


@dataclass(frozen=True)
class Print:
    """``{{ client.nom }}``: a value is written here."""

    path: tuple[str, ...]
    filters: tuple[Filter, ...] = ()
    line: int = 0
    source: str = ""


@dataclass(frozen=True)
class Loop:
    """``{% pour ligne dans devis.lignes %}``: repeated per row."""

    name: str
    path: tuple[str, ...]
    line: int = 0
    source: str = ""


@dataclass(frozen=True)
class Condition:
    """``{% si client.siret %}``: kept when the value is there, or compares."""

    path: tuple[str, ...]
    is_negated: bool = False
    operator: str = ""
    expected: str | Decimal = ""
    line: int = 0
    source: str = ""


@dataclass(frozen=True)
class Option:
    """``{% option Maintenance %}``: kept when the writer of the document wants it."""

    label: str
    line: int = 0
    source: str = ""


@dataclass(frozen=True)
class Else:
    """``{% sinon %}``: what is shown when the condition does not hold."""

    line: int = 0
    source: str = ""


@dataclass(frozen=True)
class End:
    """``{% fin %}``: the section opened last ends here."""

    line: int = 0
    source: str = ""


Head = Loop | Condition | Option
Marker = Print | Head | Else | End


def clean(text: str) -> str:
    """Return a marker's text without what editors add: odd quotes, odd spaces."""
    text = _INVISIBLE.sub("", text).translate(_QUOTES)
    return " ".join(text.split())


def read_anchor(text: str) -> str | None:
    """Return the place of a signature spelled as the signing engine reads it.

    ``sign:1`` between double braces is no value: it stays in the document, where the
    engine that collects signatures finds it.
    """
    match = _ANCHOR.fullmatch(clean(text))
    if not match:
        return None
    label = f":{match[3].strip()}" if match[3] is not None else ""
    return f"{{{{{match[1]}:{match[2]}{label}}}}}"


def parse_print(text: str, line: int = 0) -> Print:
    """Read what stands between ``{{`` and ``}}``.

    :raise MarkerError: it is no name
    """
    source = clean(text)
    match = _PRINT.fullmatch(source)
    if not match or len(source) > MAX_MARKER_LENGTH:
        raise MarkerError(source)
    filters = []
    for piece in match[2].split("|")[1:]:
        found = _FILTER.fullmatch(piece.strip())
        if not found:
            raise MarkerError(source)
        name, argument = found[1], found[2] if found[2] is not None else found[3]
        if (name == "sinon") != (argument is not None) or (
            name != "sinon" and name not in FILTERS
        ):
            raise MarkerError(source)
        filters.append(Filter(name, argument or ""))
    return Print(tuple(match[1].split(".")), tuple(filters), line, source)


def parse_section(text: str, line: int = 0) -> Head | Else | End:
    """Read what stands between ``{%`` and ``%}``.

    :raise MarkerError: it opens and closes nothing
    """
    source = clean(text)
    if len(source) > MAX_MARKER_LENGTH:
        raise MarkerError(source)
    if source in _ELSE:
        return Else(line, source)
    if source in _END:
        return End(line, source)
    if match := _LOOP.fullmatch(source):
        if match[1] in _RESERVED or match[1].startswith("_"):
            raise MarkerError(source)
        return Loop(match[1], tuple(match[2].split(".")), line, source)
    if match := _IF.fullmatch(source):
        return _parse_condition(match[1], line, source)
    if match := _OPTION.fullmatch(source):
        label = match[1].strip(" \"'")
        if not label or set(label) & set('{}%"<>\\'):
            raise MarkerError(source)
        return Option(label, line, source)
    raise MarkerError(source)


def _parse_condition(text: str, line: int, source: str) -> Condition:
    if match := _NOT.fullmatch(text):
        return Condition(tuple(match[1].split(".")), True, line=line, source=source)
    if re.fullmatch(PATH, text):
        return Condition(tuple(text.split(".")), line=line, source=source)
    if match := _COMPARE.fullmatch(text):
        operator = "==" if match[2] == "=" else match[2]
        if match[5] is not None:
            expected: str | Decimal = Decimal(match[5].replace(",", "."))
        else:
            expected = match[3] if match[3] is not None else match[4]
        path = tuple(match[1].split("."))
        return Condition(path, False, operator, expected, line, source)
    raise MarkerError(source)
