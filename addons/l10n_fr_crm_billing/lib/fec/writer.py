"""What an export writes: clean text, plain amounts, the description beside it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .columns import STANDARD

SEPARATOR = "\t"
END = "\n"
ENCODINGS = {"utf-8": "UTF-8", "iso8859-15": "ISO 8859-15"}
# The bar is the other lawful separator; quotes and backslashes are marks of formats.
REPLACED = str.maketrans({"|": "/", "\\": "/", '"': "'"})
# Spaces of all kinds, control characters, marks that show nothing.
INVISIBLE = re.compile(
    "[\\s\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]+"
)
# Most texts are plain: one look is enough for them.
PLAIN = re.compile(r"[!#-\[\]-{}~À-ÿœŒ](?:[ !#-\[\]-{}~À-ÿœŒ]*[!#-\[\]-{}~À-ÿœŒ])?")
DOUBLE_SPACE = "  "
LEGIBLE = re.compile(r"[^\W_]")
# What ISO 8859-15 has another name for.
LATIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201c": "'", "\u201d": "'", "\u2013": "-",
        "\u2014": "-", "\u2026": "...", "\u2022": "-", "\u00a4": "EUR",
    }
)  # fmt: skip


def clean_text(text: str | None) -> str:
    """Return a text that can stand in a field.

    >>> clean_text(' dit "oui"|non\\tet\\nencore ')
    "dit 'oui'/non et encore"
    """
    if not text:
        return ""
    if PLAIN.fullmatch(text) and DOUBLE_SPACE not in text:
        return text
    return INVISIBLE.sub(" ", text.translate(REPLACED)).strip()


def legible_text(text: str | None) -> str:
    """Return the clean text, or nothing when nobody could read it (a dash, a slash)."""
    clean = clean_text(text)
    return clean if LEGIBLE.search(clean) else ""


def to_charset(text: str, encoding: str) -> bytes:
    """Encode a text, giving characters the set lacks their nearest writing.

    >>> to_charset("Łódź ’24", "iso8859-15").decode("iso8859-15")
    "?ódz '24"
    """
    with suppress(UnicodeEncodeError):
        return text.encode(encoding)
    parts = []
    for char in text.translate(LATIN):
        try:
            parts.append(char.encode(encoding))
        except UnicodeEncodeError:
            plain = unicodedata.normalize("NFKD", char).encode("ascii", "ignore")
            parts.append(plain or b"?")
    return b"".join(parts)


def write_amount(amount: Decimal) -> str:
    """Return an amount with two decimals after a comma.

    >>> write_amount(Decimal("1200.5"))
    '1200,50'
    """
    return f"{amount:.2f}".replace(".", ",")


def write_line(values: Iterable[str]) -> str:
    """Return a line with its end."""
    return SEPARATOR.join(values) + END


def write_header() -> str:
    """Return the first line."""
    return write_line(STANDARD)


def opening_line(
    *,
    code: str,
    label: str,
    day: date,
    account: tuple[str, str],
    partner: tuple[str, str] = ("", ""),
    balance: Decimal,
    text: str,
) -> str:
    """Return a line of the opening balances.

    :param account: number and label
    :param partner: number and label of the auxiliary account, both or none
    :param balance: positive for a debit
    """
    written = f"{day:%Y%m%d}"
    number = f"{code}{day.year}"
    zero = write_amount(Decimal(0))
    amounts = (
        (write_amount(balance), zero) if balance > 0 else (zero, write_amount(-balance))
    )
    return write_line(
        (code, label, number, written, *account, *partner, number, written, text,
         *amounts, "", "", written, "", "")
    )  # fmt: skip


class LineFormat:
    """Makes a line of the file of a row of the database.

    :param journals: id -> code and label
    :param accounts: id -> number, label, whether it has auxiliary accounts
    """

    DRAFT = "BROUILLON-"

    def __init__(
        self,
        journals: dict[int, tuple[str, str]],
        accounts: dict[int, tuple[str, str, bool]],
    ):
        self.journals = {key: SEPARATOR.join(row) for key, row in journals.items()}
        self.accounts = {
            key: (SEPARATOR.join(row[:2]), row[2]) for key, row in accounts.items()
        }
        self.move_id = None
        self.number = self.reference = ""

    def __call__(self, row: tuple) -> str:
        """Return the line with its end; the columns are those of the export's query."""
        (journal, move_id, name, ref, is_sale, day, account, partner_id, partner_ref,
         partner_name, piece_day, label, *rest) = row  # fmt: skip
        if move_id != self.move_id:
            self._take_move(move_id, name, ref)
        account, has_partner = self.accounts[account]
        auxiliary = SEPARATOR
        if has_partner and partner_id:
            number = clean_text(partner_ref) or str(partner_id)
            who = clean_text(partner_name) or str(partner_id)
            auxiliary = f"{number}\t{who}"
        number, reference = self.number, self.reference
        # The document of a sale is our own invoice, whatever the client calls it.
        piece = number if is_sale else reference or number
        text = legible_text(label) or reference or number
        return (
            f"{self.journals[journal]}\t{number}\t{day}\t{account}\t{auxiliary}\t"
            f"{piece}\t{piece_day}\t{text}\t{SEPARATOR.join(rest)}{END}"
        )

    def _take_move(self, move_id: int, name: str | None, ref: str | None) -> None:
        self.move_id = move_id
        self.number = legible_text(name) or f"{self.DRAFT}{move_id}"
        self.reference = legible_text(ref)


@dataclass(frozen=True)
class Description:
    """The facts that the description beside the file gives (A47 A-1 II)."""

    filename: str
    company: str
    siren: str
    first: date
    closing: date
    encoding: str
    software: str
    journals: tuple[tuple[str, str], ...]
    currencies: tuple[str, ...]
    has_opening: bool


MEANINGS = {
    "JournalCode": ("texte", "code du journal, liste ci-dessous"),
    "JournalLib": ("texte", "libellé du journal"),
    "EcritureNum": (
        "texte",
        "numéro de l'écriture, suite continue propre à chaque journal ; code du"
        " journal et numéro désignent une seule écriture",
    ),
    "EcritureDate": ("date", "date de comptabilisation"),
    "CompteNum": ("texte", "numéro de compte, trois premiers chiffres du plan général"),
    "CompteLib": ("texte", "libellé du compte"),
    "CompAuxNum": ("texte", "référence du tiers, comptes de tiers seulement"),
    "CompAuxLib": ("texte", "nom du tiers"),
    "PieceRef": (
        "texte",
        "numéro de la facture émise, référence du fournisseur pour une facture reçue,"
        " à défaut numéro de l'écriture",
    ),
    "PieceDate": ("date", "date de la pièce justificative"),
    "EcritureLib": ("texte", "libellé de l'écriture"),
    "Debit": ("nombre", "montant au débit en euros"),
    "Credit": ("nombre", "montant au crédit en euros"),
    "EcritureLet": ("texte", "code de lettrage, lettrages soldés seulement"),
    "DateLet": ("date", "date du lettrage"),
    "ValidDate": (
        "date",
        "date à laquelle l'écriture est devenue définitive (verrouillage de la"
        " période ou scellement de l'écriture)",
    ),
    "Montantdevise": (
        "nombre",
        "montant en devise, positif au débit, négatif au crédit",
    ),
    "Idevise": ("texte", "code ISO 4217 de la devise"),
}


def write_description(facts: Description) -> str:
    """Return the description, in French as the law's reader expects it."""
    lines = [
        f"Description du fichier {facts.filename}",
        "(article A47 A-1 II du livre des procédures fiscales)",
        "",
        f"Entreprise : {facts.company}, SIREN {facts.siren}",
        f"Exercice : du {facts.first:%d/%m/%Y} au {facts.closing:%d/%m/%Y}",
        f"Logiciel : {facts.software}",
        "",
        "Informations techniques",
        f"- jeu de caractères : {ENCODINGS[facts.encoding]}, sans marque d'ordre",
        "- structure : un seul type d'enregistrement, longueur variable",
        "- séparateur de zones : tabulation (code 9)",
        "- séparateur d'enregistrements : fin de ligne (code 10)",
        "- première ligne : nom des zones",
        "- dates : AAAAMMJJ ; nombres : virgule décimale, deux décimales au moins,"
        " signe en tête, aucun séparateur de milliers",
        "- classement : à-nouveaux, puis ordre de validation",
        "- remplacements : barre verticale et barre inversée par /, guillemets par"
        " une apostrophe, retours à la ligne et tabulations par une espace",
        "",
        "Zones",
    ]
    for position, name in enumerate(STANDARD, 1):
        kind, meaning = MEANINGS[name]
        lines.append(f"{position:2}. {name} ({kind}) : {meaning}")
    lines += ["", "Codes des journaux"]
    lines += [f"- {code} : {label}" for code, label in facts.journals]
    if facts.has_opening:
        lines.append(
            "Les à-nouveaux sont calculés par compte (par compte et par tiers pour les"
            " comptes de tiers) à partir des exercices antérieurs."
        )
    lines += ["", "Devises : " + (", ".join(facts.currencies) or "aucune")]
    return "\n".join(lines) + "\n"
