"""Texts in the alphabets that Yousign accepts: names, subjects, files.

Alphabets: the pattern of names and the lengths in the vendor's description of API
v3 (read 2026-09). Names that do not fit are refused there with a 400.
"""

from __future__ import annotations

import re
import unicodedata

NAME_MAX = 255
SUBJECT_MAX = 128
NOTE_MAX = 2000
FILE_NAME_MAX = 128
LOCALES = ("en", "fr", "de", "it", "nl", "es", "pl")
NO_FIRST_NAME = "-"

# Latin letters that the pattern of names does not hold.
_NOT_TAKEN = set("\u00aa\u00ba\u00d0\u00d7\u00de\u00e6\u00f0\u00f7\u00fe\u017f")
_REPLACED = {"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00e6": "ae"}
_REPLACED |= {"\u00f0": "d", "\u00d0": "D", "\u00fe": "th", "\u00de": "Th"}
_REPLACED |= dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
_CIVILITIES = {"m", "mr", "mme", "mlle", "mrs", "ms", "dr", "me", "pr", "monsieur"}
_CIVILITIES |= {"madame", "mademoiselle"}
_LINK = re.compile(r"(https?://|www\.)", re.IGNORECASE)


def _is_name_letter(letter: str) -> bool:
    if letter.isascii():
        return letter.isalnum() or letter in "`'() -"
    return "\u00c0" <= letter <= "\u017e" and letter not in _NOT_TAKEN


def clean_name(text: str) -> str:
    """Return a name in the vendor's alphabet, empty when nothing is left.

    >>> clean_name("Anne\u2010Ma\u00ebl  O\u2019Brien & Co.")
    "Anne-Ma\u00ebl O'Brien Co"
    """
    out = []
    for letter in unicodedata.normalize("NFC", text):
        letter = _REPLACED.get(letter, letter)
        if not all(map(_is_name_letter, letter)):
            plain = unicodedata.normalize("NFKD", letter)
            letter = "".join(c for c in plain if c.isascii() and _is_name_letter(c))
        out.append(letter or ("" if _is_mark(letter) else " "))
    return " ".join("".join(out).split())[:NAME_MAX].strip()


def _is_mark(letter: str) -> bool:
    return bool(letter) and unicodedata.combining(letter) > 0


def split_name(text: str) -> tuple[str, str]:
    """Return (first name, last name); the first is empty for a single word.

    A family name written in capitals before the first name is recognized, and
    "Mme", "M.", "Dr" are left out.

    >>> split_name("Mme DUPONT Marie"), split_name("Jean de La Tour")
    (('Marie', 'DUPONT'), ('Jean', 'de La Tour'))
    """
    words = [w for w in clean_name(text).split() if w.lower() not in _CIVILITIES]
    if len(words) < 2:
        return "", words[0] if words else clean_name(text)
    capitals = 0
    while capitals < len(words) and _is_capitals(words[capitals]):
        capitals += 1
    if 0 < capitals < len(words):
        return " ".join(words[capitals:]), " ".join(words[:capitals])
    return words[0], " ".join(words[1:])


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def clean_text(text: str, limit: int) -> str:
    """Return a text without tags and addresses of pages, cut at a word.

    >>> clean_text("Contrat <b>2026</b> sur https://exemple.fr", 40)
    'Contrat b 2026 /b sur exemple.fr'
    """
    text = _LINK.sub("", re.sub(r"[<>]", " ", text or ""))
    text = "".join(c if c.isprintable() or c == "\n" else " " for c in text)
    text = re.sub(r"[ \t]+", " ", text).strip()
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "\u2026"


def file_names(names: list[str]) -> list[str]:
    """Return one name per document, each different: files are found again by it.

    >>> file_names(["Devis 1/2.pdf", "Devis 1-2.pdf", ""])
    ['Devis 1-2', 'Devis 1-2 (2)', 'document']
    """
    used: set[str] = set()
    out = []
    for name in names:
        stem = re.sub(r"[\\/:*?\"<>|\x00-\x1f]", "-", name)
        stem = re.sub(r"\.pdf$", "", stem, flags=re.IGNORECASE)
        stem = " ".join(stem.split())[: FILE_NAME_MAX - 10].strip() or "document"
        unique, number = stem, 1
        while unique.casefold() in used:
            number += 1
            unique = f"{stem} ({number})"
        used.add(unique.casefold())
        out.append(unique)
    return out


def locale(lang: str | None) -> str:
    """Return the vendor's language for one of ours (``fr_FR``), French by default."""
    code = (lang or "fr").split("_")[0].lower()
    return code if code in LOCALES else "en"
