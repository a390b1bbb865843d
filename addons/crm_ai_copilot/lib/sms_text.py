"""A text message of one part: 160 characters of the GSM alphabet, or 70 of others.

Alphabet: 3GPP TS 23.038, table 6.2.1 and its extension (each counts twice).
"""

from __future__ import annotations

BASIC = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = set("^{}\\[~]|€")
ONE_PART = 160
ONE_PART_UNICODE = 70
# Letters of French that the alphabet lacks, with what reads as well.
PLAIN = str.maketrans(
    {
        "â": "a", "ê": "e", "î": "i", "ô": "o", "û": "u", "ë": "e", "ï": "i", "ç": "c",
        "À": "A", "È": "E", "Ê": "E", "Ô": "O", "Î": "I", "œ": "oe", "Œ": "OE",
        "’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "…": "...",
        "–": "-", "—": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "ÿ": "y",
    }
)  # fmt: skip


def simplify(text: str) -> str:
    """Return the text in letters of the GSM alphabet where French allows it.

    >>> simplify("Reçu à Noël, c’est sûr…")
    "Recu à Noel, c'est sur..."
    """
    return text.translate(PLAIN)


def is_gsm(text: str) -> bool:
    return all(letter in BASIC or letter in EXTENDED for letter in text)


def count_units(text: str) -> int:
    """Return the length as an operator counts it.

    >>> count_units("18 €")
    5
    """
    if not is_gsm(text):
        return len(text.encode("utf-16-le")) // 2
    return sum(2 if letter in EXTENDED else 1 for letter in text)


def fits_one_part(text: str) -> bool:
    """Tell whether one message carries the text."""
    limit = ONE_PART if is_gsm(text) else ONE_PART_UNICODE
    return count_units(text) <= limit


def choose_longest(candidates: list[str]) -> str:
    """Return the first candidate that fits, simplified; else the last one, cut."""
    for candidate in candidates:
        text = simplify(candidate)
        if fits_one_part(text):
            return text
    text = simplify(candidates[-1])
    while not fits_one_part(text):
        text = text[:-1].rstrip()
    return text
