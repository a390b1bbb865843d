"""The columns of the file and what the first line says about them (A47 A-1 VII)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

STANDARD = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum",
    "CompteLib", "CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib",
    "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
# Debit and Credit may be replaced by an amount and its side.
SIDED = tuple({"Debit": "Montant", "Credit": "Sens"}.get(n, n) for n in STANDARD)
# Cash accounting: farming has the first three, liberal professions all four.
CASH = ("DateRglt", "ModeRglt", "NatOp", "IdClient")
OPTIONAL = frozenset(
    ("CompAuxNum", "CompAuxLib", "EcritureLet", "DateLet", "Montantdevise", "Idevise")
)
DATES = ("EcritureDate", "PieceDate", "DateLet", "ValidDate", "DateRglt")
# Below this many known names the first line is taken for data.
MIN_KNOWN_NAMES = 5
# The checker of the tax authority wants at least nine fields to believe a separator.
MIN_FIELDS = 9
BOM = b"\xef\xbb\xbf"


def fold_name(name: str) -> str:
    """Return a header name without case, accents and odd characters."""
    plain = unicodedata.normalize("NFKD", name.strip())
    return re.sub(r"[^a-z0-9_]", "", plain.encode("ascii", "ignore").decode().lower())


FOLDED = {fold_name(name): name for name in (*STANDARD, *SIDED, *CASH)}


@dataclass(frozen=True)
class Layout:
    """How the fields of a line are read.

    :param names: canonical names, or what the file wrote for a column of its own
    :param written: the first line, split
    :param index: canonical name -> position of its first occurrence
    :param has_header: False when the first line is already an entry
    """

    separator: bytes
    names: tuple[str, ...]
    written: tuple[str, ...]
    index: dict[str, int]
    has_header: bool

    @property
    def width(self) -> int:
        """Number of fields every line must have."""
        return len(self.names)

    @property
    def is_sided(self) -> bool:
        """Whether Montant and Sens replace Debit and Credit."""
        return "Sens" in self.index and "Montant" in self.index

    @property
    def expected(self) -> tuple[str, ...]:
        """The eighteen names this file has to have, in order."""
        return SIDED if self.is_sided else STANDARD

    @property
    def is_cash(self) -> bool:
        """Whether the columns of cash accounting follow."""
        return "DateRglt" in self.index

    @property
    def other_separator(self) -> bytes:
        """The permitted separator that this file does not use."""
        return b"\t" if self.separator == b"|" else b"|"


def find_separator(line: bytes) -> bytes | None:
    """Return the separator of the first line: tab first, then the bar, else None."""
    for separator in (b"\t", b"|"):
        if line.rstrip(separator).count(separator) + 1 >= MIN_FIELDS:
            return separator
    return None


def read_header(line: bytes, separator: bytes, encoding: str) -> Layout:
    """Return the layout that the first line announces.

    :param encoding: Python name, for the names the file has invented
    """
    text = line.removeprefix(BOM).decode(encoding, "replace")
    written = tuple(text.split(separator.decode()))
    names = tuple(FOLDED.get(fold_name(name), name.strip()) for name in written)
    known = sum(name in FOLDED.values() for name in set(names))
    if known < MIN_KNOWN_NAMES:
        extra = tuple(f"#{n + 1}" for n in range(len(STANDARD), len(written)))
        names = STANDARD + extra
        index = {name: n for n, name in enumerate(STANDARD)}
        return Layout(separator, names, written, index, has_header=False)
    index = {}
    for position, name in enumerate(names):
        index.setdefault(name, position)
    return Layout(separator, names, written, index, has_header=True)
