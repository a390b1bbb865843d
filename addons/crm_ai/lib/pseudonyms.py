"""Personal values out of what leaves the house, and back into what returns.

`[PERSONNE_1]`, `[SOCIETE_2]`, `[EMAIL_1]` stand for the values; another spelling of
the same value has a name of its own (`[PERSONNE_1_NOM]`, `[PERSONNE_1_NOM_2]`), so
that what comes back is exactly what was there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from . import personal_patterns as patterns
from .folding import fold
from .inputs import Identity
from .personal_patterns import Span

_LABELS = {
    "person": "PERSONNE",
    "company": "SOCIETE",
    "email": "EMAIL",
    "phone": "TELEPHONE",
    "iban": "IBAN",
    "address": "ADRESSE",
    "other": "DONNEE",
}
# A text that already looks like one of our names.
_LITERAL = "TEXTE"
_ALL_LABELS = (*_LABELS.values(), _LITERAL)
# As models write them back: other case, accents, a bracket lost, an escaped underscore.
_KINDS = "|".join(label.replace("E", "[E\u00c9]") for label in _ALL_LABELS)
_PARTS = "INVERSE|INITIALE|NOM|PR[E\u00c9]NOM|COURT|COMPTE|RUE"


def _pattern(gap: str) -> str:
    """:param gap: what may stand between the words of a name"""
    return rf"({_KINDS}){gap}(\d{{1,4}})((?:{gap}(?:{_PARTS}))?)((?:{gap}\d{{1,3}})?)"


_BRACKETED = _pattern(r"\\?[\s_-]")
_BARE = _pattern(r"\\?_")
_TOLERANT = re.compile(
    rf"\\?\[\s*{_BRACKETED}\s*\\?\]"
    rf"|\\?\[\s*{_BARE}(?!\w)"
    rf"|(?<![\w\[]){_BARE}(?!\w)\]?",
    re.I,
)
_CUT = re.compile(
    r"(?:\\|\\?\[\s*(?P<open>[^\]\n]{0,40})"
    r"|(?<!\w)(?P<bare>[^\W\d_]{1,9}(?:\\?_[\w\\]{0,20})?))\Z"
)


class Pseudonymiser:
    """Replaces personal values by stable names, and the names by the values.

    One object serves one question: its names hold for all texts given to it.

    :param identities: known values, hidden however they are spelled
    """

    def __init__(self, identities: Iterable[Identity] = ()) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: dict[str, int] = {}
        self._values: dict[str, str] = {}
        self._names: dict[tuple[str, int, str, str], str] = {}
        self._spellings: list[tuple[re.Pattern, Span, bool]] = []
        # the longest first: its parts belong to it
        for identity in sorted(set(identities), key=lambda one: -len(one.value)):
            self._learn(identity)

    # === Out === #

    def mask(self, text: str) -> str:
        """Return the text without personal values."""
        text = unicodedata.normalize("NFC", text)
        folded = fold(text)
        pieces, last = [], 0
        for span in self._choose(text, folded):
            name = self._name(span, text[span.start : span.end])
            pieces += [text[last : span.start], f"[{name}]"]
            last = span.end
        return "".join([*pieces, text[last:]])

    def mask_data(self, value: Any) -> Any:
        """Return facts without personal values; numbers and names stay."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {key: self.mask_data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_data(item) for item in value]
        return value

    def _choose(self, text: str, folded: str) -> list[Span]:
        """Return what to replace, in order, the longest where they overlap."""
        found = [
            Span(match.start(), match.end(), "other", match[0], _LITERAL)
            for match in _TOLERANT.finditer(text)
        ]
        for pattern, known, is_word in self._spellings:
            for match in pattern.finditer(folded):
                start, end = match.span()
                if is_word and not patterns.looks_like_name(text, folded, start, end):
                    continue
                found.append(Span(start, end, known.kind, known.key, known.part))
        found += patterns.found_by_form(text, folded)
        taken = bytearray(len(text))
        chosen = []
        for span in sorted(found, key=lambda one: one.start - one.end):
            if not any(taken[span.start : span.end]):
                taken[span.start : span.end] = b"\1" * (span.end - span.start)
                chosen.append(span)
        return sorted(chosen, key=lambda one: one.start)

    # === Back === #

    def unmask(self, text: str) -> str:
        """Return the text with the values back; unknown names stay as they are."""
        return _TOLERANT.sub(self._restore, text)

    def unmask_data(self, value: Any) -> Any:
        """Return an answer with the values back."""
        if isinstance(value, str):
            return self.unmask(value)
        if isinstance(value, dict):
            return {key: self.unmask_data(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self.unmask_data(item) for item in value]
        return value

    def unmask_partial(self, text: str) -> str:
        """The same for a text that is still growing: a cut name is held back."""
        return self.unmask(text[: len(text) - len(_cut_name(text))])

    def _restore(self, match: re.Match) -> str:
        kind, number, part, variant = _read(match)
        for name in (f"{kind}_{number}{part}{variant}", f"{kind}_{number}{part}"):
            if name in self._values:
                return self._values[name]
        # a part that nobody taught us: the whole is better than a riddle
        return self._values.get(f"{kind}_{number}", match[0])

    # === Names === #

    def _learn(self, identity: Identity) -> None:
        kind = identity.kind
        value = " ".join(unicodedata.normalize("NFC", identity.value).split())
        known = [one for one in patterns.spellings(kind, value) if one.pattern]
        if not known:
            return
        key = _key(kind, value)
        is_new = (kind, key) not in self._numbers
        number = self._number(kind, key)
        if is_new:
            self._teach(kind, number, "", value)
            for part, words in patterns.canonical_parts(kind, value):
                self._teach(kind, number, part, words)
        for spelling in known:
            pattern = re.compile(rf"(?<!\w){spelling.pattern}(?!\w)")
            span = Span(0, 0, kind, key, spelling.part)
            self._spellings.append((pattern, span, spelling.is_word))

    def _teach(self, kind: str, number: int, part: str, value: str) -> None:
        """Give the plain name to the spelling of the record."""
        label = f"{_LABELS[kind]}_{number}" + (f"_{part}" if part else "")
        self._values[label] = value
        self._names[kind, number, part, value] = label

    def _number(self, kind: str, key: str) -> int:
        if (kind, key) not in self._numbers:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._numbers[kind, key] = self._counts[kind]
        return self._numbers[kind, key]

    def _name(self, span: Span, surface: str) -> str:
        is_literal = span.part == _LITERAL
        kind = _LITERAL if is_literal else span.kind
        part = "" if is_literal else span.part
        number = self._number(kind, span.key)
        label = f"{_LABELS.get(kind, _LITERAL)}_{number}" + (f"_{part}" if part else "")
        key = (kind, number, part, surface)
        if key not in self._names:
            same = sum(known[:3] == key[:3] for known in self._names)
            name = f"{label}_{same + 1}" if same else label
            self._names[key] = name
            self._values[name] = surface
        return self._names[key]


def _key(kind: str, value: str) -> str:
    """Return what makes two spellings the same value."""
    folded = fold(value)
    if kind == "phone":
        return patterns.phone_key(folded)
    if kind == "iban":
        return re.sub(r"\W", "", folded)
    if kind == "email":
        return folded
    return " ".join(re.findall(r"\w+", folded))


def _read(match: re.Match) -> tuple[str, str, str, str]:
    groups = match.groups()
    found = next(groups[at : at + 4] for at in (0, 4, 8) if groups[at])
    kind, number, part, variant = (one or "" for one in found)
    part = re.sub(r"[\W_]+", "", fold(part)).upper()
    variant = re.sub(r"\D", "", variant)
    return (
        fold(kind).upper(),
        str(int(number)),
        f"_{part}" if part else "",
        f"_{variant}" if variant else "",
    )


def _cut_name(text: str) -> str:
    """Return the end of a text that may be the beginning of one of our names."""
    match = _CUT.search(text)
    if not match:
        return ""
    start = fold(match["open"] or match["bare"] or "").upper()
    word = re.match(r"[A-Z]*", start)[0]
    is_name = any(label.startswith(word) for label in _ALL_LABELS)
    return match[0] if is_name else ""
