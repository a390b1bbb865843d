"""Where personal values stand in a text: known ones in any spelling, others by form.

All patterns look at a folded text (`fold`): lower case, no accents, plain spaces and
hyphens, each character at its place in the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import fold
from .inputs import Kind
from .personal_words import (
    CIVILITIES,
    GENERIC,
    GREETINGS,
    LEGAL_FORMS,
    ORDINARY,
    PARTICLES,
    STREETS,
)


@dataclass(frozen=True)
class Span:
    """A personal value in a text.

    :param key: what makes two spellings the same value
    :param part: which part of a name this is, empty for the whole
    """

    start: int
    end: int
    kind: Kind
    key: str
    part: str = ""


@dataclass(frozen=True)
class Spelling:
    """A way to write a known value.

    :param pattern: on folded text
    :param is_word: an ordinary word, too: hidden only where it looks like a name
    """

    pattern: str
    part: str = ""
    is_word: bool = False


# === Known values === #


def spellings(kind: Kind, value: str) -> list[Spelling]:
    """Return how a known value may be written, the whole first."""
    folded = fold(unicodedata.normalize("NFC", value)).strip()
    if not folded:
        return []
    makers = {
        "person": _person,
        "company": _company,
        "email": _email,
        "phone": _phone,
        "iban": _iban,
        "address": _address,
    }
    maker = makers.get(kind)
    return maker(folded) if maker else [Spelling(_words(folded.split()))]


def _words(words: list[str]) -> str:
    """Words in a row, whatever stands between them."""
    pieces = [piece for word in words for piece in re.findall(r"\w+|[^\w\s]", word)]
    names = [re.escape(piece) for piece in pieces if piece[0].isalnum()]
    return r"[\s\-'.,&]+".join(names)


def name_words(folded: str) -> list[str]:
    """Return the words of a person's name, without civilities."""
    words = [word.strip(".,()") for word in folded.split()]
    return [word for word in words if word and word not in CIVILITIES]


def split_name(words: list[str]) -> tuple[list[str], list[str]]:
    """Return first and last name: the last begins with its particle."""
    for index in range(1, len(words)):
        if words[index] in PARTICLES:
            return words[:index], words[index:]
    return words[:-1], words[-1:]


def canonical_parts(kind: Kind, value: str) -> list[tuple[str, str]]:
    """Return the parts of a known name as the record spells them."""
    if kind != "person":
        return []
    words = [
        word
        for word in value.split()
        if word.strip(".,()") and fold(word.strip(".,()")) not in CIVILITIES
    ]
    first, _last = split_name([fold(word) for word in words])
    names = {"PRENOM": words[: len(first)], "NOM": words[len(first) :]}
    return [(part, " ".join(found)) for part, found in names.items() if found]


def _person(folded: str) -> list[Spelling]:
    words = name_words(folded)
    if not words:
        return []
    if len(words) == 1:
        return [_alone(words, "")]
    first, last = split_name(words)
    found = [Spelling(_words(words)), Spelling(_words(last + first), "INVERSE")]
    if len(first) == 1 and first[0]:
        initial = re.escape(first[0][0])
        found.append(Spelling(rf"{initial}\.?\s*{_words(last)}", "INITIALE"))
    found.append(_alone(last, "NOM"))
    found.append(_alone(first, "PRENOM"))
    bare = [word for word in last if word not in PARTICLES]
    if bare and bare != last:
        found.append(_alone(bare, "NOM"))
    return found


def _alone(words: list[str], part: str) -> Spelling:
    """A part of a name by itself."""
    letters = max(map(len, words), default=0)
    is_word = letters < 3 or (len(words) == 1 and words[0] in ORDINARY)
    return Spelling(_words(words), part, is_word)


def _company(folded: str) -> list[Spelling]:
    words = folded.replace(".", "").split()
    core = [word for word in words if word.strip(",()") not in LEGAL_FORMS] or words
    found = [Spelling(_words(folded.split()))]
    if core != folded.split():
        is_word = len(core) == 1 and (core[0] in ORDINARY or core[0] in GENERIC)
        found.append(Spelling(_words(core), "COURT", is_word))
    telling = [word for word in core if word not in GENERIC and len(word) >= 4]
    if len(telling) == 1 and telling != core:
        found.append(Spelling(_words(telling), "COURT", is_word=telling[0] in ORDINARY))
    return found


def _email(folded: str) -> list[Spelling]:
    local, _at, domain = folded.partition("@")
    found = [Spelling(re.escape(folded))]
    is_telling = re.search(r"[._\d-]", local) or len(local) >= 8
    generic = {"contact", "commercial", "comptabilite", "direction", "facturation"}
    if domain and is_telling and local not in generic:
        found.append(Spelling(re.escape(local), "COMPTE"))
    return found


def _phone(folded: str) -> list[Spelling]:
    digits = re.sub(r"\(0\)", "", folded)
    is_international = digits.strip().startswith(("+", "00"))
    digits = re.sub(r"\D", "", digits)
    gap = r"[\s.\-/()]*"
    if is_international:
        digits = digits.removeprefix("00")
    if len(digits) < 6:
        return []
    if digits.startswith("33") and is_international:
        digits = "0" + digits[2:]
    if digits.startswith("0") and len(digits) == 10:
        rest = gap.join(digits[1:])
        return [Spelling(rf"(?:(?:\+|00)33{gap}(?:\(0\){gap})?|0{gap}){rest}")]
    prefix = r"(?:\+|00)?" if is_international else ""
    return [Spelling(prefix + gap.join(digits))]


def _iban(folded: str) -> list[Spelling]:
    compact = re.sub(r"\W", "", folded)
    return [Spelling(r"[\s.\-]*".join(compact))] if len(compact) > 5 else []


def _address(folded: str) -> list[Spelling]:
    found = [Spelling(_words(folded.split()))]
    street = re.split(r"[,\n]", folded)[0].strip()
    if street != folded and re.match(r"\d", street):
        found.append(Spelling(_words(street.split()), "RUE"))
    return found


def looks_like_name(text: str, folded: str, start: int, end: int) -> bool:
    """Tell whether a word that is also ordinary stands where a name would."""
    if not text[start].isupper():
        return False
    before = re.search(r"([\w.]+)[\s,]*$", folded[max(0, start - 30) : start])
    if before and before[1].strip(".") in CIVILITIES | GREETINGS:
        return True
    line_start = folded.rfind("\n", 0, start) + 1
    line_end = folded.find("\n", end)
    line = folded[line_start : line_end if line_end >= 0 else len(folded)]
    if line.strip(" .,:-") == folded[start:end]:
        return True
    if text[start:end].isupper() and end - start > 2:
        return not text[line_start:line_end].isupper()
    before_it = folded[:start].rstrip(" \"'(*-")
    return bool(before_it) and before_it[-1] not in ".!?:;\n\u2022>"


# === Values known by their form === #

_EMAIL = re.compile(
    r"(?<![\w.+-])[a-z0-9][\w.+'-]*(?:@|\s?[\[(](?:at|arobase)[\])]\s?)"
    r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w-])"
)
_PHONES = (
    re.compile(
        r"(?<![\w+/])(?<!\d[.,-])(?:\+|00)\s?33[\s.\-]*(?:\(0\))?(?:[\s.\-]*\d){9}(?!\d)"
    ),
    re.compile(r"(?<![\w+/])(?<!\d[.,-])0[1-9]([\s.\-]?)\d{2}(?:\1\d{2}){3}(?![\d/])"),
    re.compile(r"(?<![\w+/])\+\s?[1-9]\d{0,2}(?:[\s.\-()]{0,2}\d){6,12}(?!\d)"),
    re.compile(r"(?<![\w+/])00[1-9]\d(?:[\s.\-]?\d){7,11}(?!\d)"),
)
_IBAN = re.compile(r"(?<!\w)[a-z]{2}\d{2}(?:[ .-]?[a-z0-9]){10,30}(?!\w)")
_IBAN_LENGTHS = {
    "fr": 27, "mc": 27, "de": 22, "be": 16, "es": 24, "it": 27, "ch": 21, "lu": 20,
    "nl": 18, "gb": 22, "pt": 25, "ie": 22, "at": 20, "pl": 28, "se": 24, "dk": 18,
}  # fmt: skip
_STREET = re.compile(
    r"(?<![\w/.,-])\d{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?\s?,?\s+"
    rf"(?:{'|'.join(STREETS)})\.?\s+"
)
_POSTCODE = re.compile(r"[^\n\d]{2,60}?[\s,\-]+(?:f-)?\d{5}\s+")
_NAME_LIKE = re.compile(
    r"(?:[A-Z\u00c0-\u00de][\w\u2019'.-]*|\d{1,4}(?=\s+[A-Zjfmasond])|"
    r"de|du|des|la|le|les|l['\u2019]|d['\u2019]|et|sur|sous|en|au|aux|"
    r"(?:[dl]['\u2019])[A-Z\u00c0-\u00de][\w-]*)"
)


def found_by_form(text: str, folded: str) -> Iterator[Span]:
    """Give the mails, phones, IBANs and street addresses of a text."""
    for match in _EMAIL.finditer(folded):
        yield Span(match.start(), match.end(), "email", match[0])
    for pattern in _PHONES:
        for match in pattern.finditer(folded):
            yield Span(match.start(), match.end(), "phone", phone_key(match[0]))
    for match in _IBAN.finditer(folded):
        end = _iban_end(match)
        if end:
            key = re.sub(r"\W", "", folded[match.start() : end])
            yield Span(match.start(), end, "iban", key)
    for match in _STREET.finditer(folded):
        end = _address_end(text, folded, match)
        if end:
            key = " ".join(re.findall(r"\w+", folded[match.start() : end]))
            yield Span(match.start(), end, "address", key)


def phone_key(folded: str) -> str:
    """Return the digits of a phone, the French prefix as 0."""
    digits = re.sub(r"\D", "", folded.replace("(0)", ""))
    is_french = folded.strip().startswith(("+33", "0033", "+ 33", "00 33"))
    return "0" + digits[-9:] if is_french else digits


def _iban_end(match: re.Match) -> int | None:
    """Return where the account number ends, None when this is none."""
    text = match[0]
    places = [index for index, one in enumerate(text) if one.isalnum()]
    wanted = _IBAN_LENGTHS.get(text[:2])
    if wanted and len(places) >= wanted:
        end = places[wanted - 1] + 1
        is_whole = end == len(text) or not text[end].isalnum()
        if is_whole and (text[:2] == "fr" or _has_checksum(text[:end])):
            return match.start() + end
    for last in reversed(places[14:34]):
        is_whole = last + 1 == len(text) or not text[last + 1].isalnum()
        if is_whole and _has_checksum(text[: last + 1]):
            return match.start() + last + 1
    return None


def _has_checksum(text: str) -> bool:
    compact = re.sub(r"\W", "", text)
    turned = compact[4:] + compact[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def _address_end(text: str, folded: str, match: re.Match) -> int | None:
    """Return where an address that begins with a street ends."""
    start = match.end()
    with_postcode = _POSTCODE.match(folded, start)
    end = with_postcode.end() if with_postcode else start
    last = start
    for word in re.finditer(r"\S+\s*", text[end : end + 60]):
        name = word[0].strip().rstrip(",.;:)")
        if not _NAME_LIKE.fullmatch(name):
            break
        if name[0].isupper() or "'" in name or "\u2019" in name:
            last = end + word.start() + len(name)
        if name != word[0].strip() or "\n" in word[0]:
            break
    if last > start:
        return last
    return len(folded[:end].rstrip()) if with_postcode else None
