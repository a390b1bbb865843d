"""What keeps a document from being lawful: found before it is posted.

A check is a code; its level (block, warn, off) is a setting of the company and its
sentence a record, so that an accountant changes both without code. Here is only what
is looked at. Missing mentions come from the table of mentions itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.fr import siren as stdnum_siren
from stdnum.fr import siret as stdnum_siret
from stdnum.fr import tva as stdnum_tva

from .facts import CREDIT_KINDS, Facts
from .mentions import Due

BLOCK, WARN, OFF = "block", "warn", "off"
LEVELS = (BLOCK, WARN, OFF)
MONACO_START = "000"


class Target:
    """Where the answer is typed."""

    COMPANY = "company"
    BUYER = "buyer"
    DOCUMENT = "document"
    ORIGINAL = "original"
    WORDING = "wording"


@dataclass(frozen=True)
class Finding:
    """One thing to put right.

    :param code: of the check, key of its sentence and of its level
    :param target: where it is put right
    :param field: to show first there, if any
    :param values: for the sentence
    :param level: set by whoever knows it already; empty: that of the check
    :param message: the sentence, when it is not that of a check
    :param action: of a button of its own, when the target says nothing
    """

    code: str
    target: str = Target.DOCUMENT
    field: str = ""
    values: tuple[tuple[str, str], ...] = ()
    level: str = ""
    message: str = ""
    action: dict | None = None


class Check(NamedTuple):
    """A row of the table below; ``fails`` says whether there is something to report."""

    code: str
    level: str
    target: str
    field: str
    fails: Callable[[Facts], bool]


def is_siren(text: str) -> bool:
    """Tell whether ``text`` is a possible SIREN (La Poste included)."""
    return bool(text) and _accepts(stdnum_siren, text) and set(text) != {"0"}


def is_siret(text: str) -> bool:
    """Tell whether ``text`` is a possible SIRET; La Poste has its own sum."""
    if not text or not text.isdigit() or len(text) != 14:
        return False
    return is_siren(text[:9]) and _accepts(stdnum_siret, text)


def is_french_vat(text: str) -> bool:
    """Tell whether ``text`` is a possible French number, new-style keys included."""
    compact = "".join(text.split()).upper()
    if not compact.startswith("FR") or not _accepts(stdnum_tva, compact):
        return False
    return compact[4:].startswith(MONACO_START) or is_siren(compact[4:])


def _accepts(module, text: str) -> bool:
    try:
        module.validate(text)
    except ValidationError:
        return False
    return True


def _vat_differs(party) -> bool:
    """A French VAT number ends with the SIREN (not the ones of Monaco)."""
    digits = party.vat[4:]
    return bool(
        party.siren
        and party.vat.startswith("FR")
        and not digits.startswith(MONACO_START)
        and digits != party.siren
    )


T = Target
# What is missing, by the code of its mention: level, where, field.
MISSING: dict[str, tuple[str, str, str]] = {
    "seller_identity": (BLOCK, T.COMPANY, "street"),
    "legal_form": (BLOCK, T.COMPANY, "fr_legal_form"),
    "capital": (BLOCK, T.COMPANY, "fr_share_capital"),
    "seller_siren": (BLOCK, T.COMPANY, "company_registry"),
    "registry": (BLOCK, T.COMPANY, "fr_registry_town"),
    "seller_vat": (BLOCK, T.COMPANY, "vat"),
    "vat_group": (BLOCK, T.COMPANY, "fr_vat_group"),
    "insurance": (BLOCK, T.COMPANY, "fr_insurer"),
    "mediator": (WARN, T.COMPANY, "fr_mediator"),
    "buyer_identity": (BLOCK, T.BUYER, "street"),
    "buyer_siren": (WARN, T.BUYER, "company_registry"),
    "buyer_vat": (BLOCK, T.BUYER, "vat"),
    "vat_in_euro": (BLOCK, T.DOCUMENT, "currency_id"),
    "exempt": (BLOCK, T.DOCUMENT, "invoice_line_ids"),
    "due_date": (BLOCK, T.DOCUMENT, "invoice_date_due"),
    "late_penalty": (BLOCK, T.COMPANY, "late_interest_method"),
    "recovery_fee": (BLOCK, T.COMPANY, "late_interest_fee"),
    "operation_category": (WARN, T.DOCUMENT, "invoice_line_ids"),
    "original_invoice": (BLOCK, T.DOCUMENT, "reversed_entry_id"),
    "credit_reason": (WARN, T.DOCUMENT, "fr_credit_reason"),
    "quote_validity": (WARN, T.DOCUMENT, "validity_date"),
    "quote_fee": (WARN, T.COMPANY, "fr_quote_fee"),
}
CHECKS: tuple[Check, ...] = (
    Check("franchise_vat", BLOCK, T.DOCUMENT, "invoice_line_ids",
          lambda f: f.seller.is_franchise and f.has_vat),
    Check("line_without_tax", BLOCK, T.DOCUMENT, "invoice_line_ids",
          lambda f: bool(f.bare_lines)),
    Check("line_without_name", BLOCK, T.DOCUMENT, "invoice_line_ids",
          lambda f: bool(f.unnamed_lines)),
    Check("reverse_charge_consumer", BLOCK, T.DOCUMENT, "invoice_line_ids",
          lambda f: not f.buyer.is_business and bool(
              f.cases & {"reverse_charge", "reverse_charge_building", "intra_goods"})),
    Check("seller_siren_wrong", BLOCK, T.COMPANY, "company_registry",
          lambda f: bool(f.seller.siren) and not is_siren(f.seller.siren)),
    Check("seller_siret_wrong", BLOCK, T.COMPANY, "company_registry",
          lambda f: bool(f.seller.siret) and not is_siret(f.seller.siret)),
    Check("seller_vat_wrong", BLOCK, T.COMPANY, "vat",
          lambda f: f.seller.vat.startswith("FR")
          and not is_french_vat(f.seller.vat)),
    Check("seller_vat_other", BLOCK, T.COMPANY, "vat",
          lambda f: _vat_differs(f.seller)),
    Check("buyer_siren_wrong", BLOCK, T.BUYER, "company_registry",
          lambda f: f.buyer.zone == "FR" and bool(f.buyer.siren)
          and not is_siren(f.buyer.siren)),
    Check("buyer_siret_wrong", BLOCK, T.BUYER, "company_registry",
          lambda f: f.buyer.zone == "FR" and bool(f.buyer.siret)
          and not is_siret(f.buyer.siret)),
    Check("buyer_vat_wrong", WARN, T.BUYER, "vat",
          lambda f: f.buyer.vat.startswith("FR") and not is_french_vat(f.buyer.vat)),
    Check("buyer_vat_other", WARN, T.BUYER, "vat",
          lambda f: f.buyer.zone == "FR" and _vat_differs(f.buyer)),
    Check("due_before_issue", BLOCK, T.DOCUMENT, "invoice_date_due",
          lambda f: bool(f.due_day) and f.due_day < f.day
          and f.kind not in CREDIT_KINDS),
    Check("rounding_per_line", WARN, T.COMPANY, "tax_calculation_rounding_method",
          lambda f: f.seller.rounds_per_line and f.has_vat),
    Check("franchise_turnover", WARN, T.COMPANY, "fr_vat_regime",
          lambda f: bool(f.turnover_passed)),
)  # fmt: skip
WORDLESS = "wording_missing"
DEFAULT_LEVELS: dict[str, str] = {
    **{f"missing_{code}": row[0] for code, row in MISSING.items()},
    **{check.code: check.level for check in CHECKS},
    WORDLESS: BLOCK,
}


def find(facts: Facts, dues: Iterable[Due], wordless: Iterable[str]) -> list[Finding]:
    """Return what is wrong with a document, without the levels of the company.

    :param dues: its mentions, from ``mentions.decide``
    :param wordless: codes of due mentions without words on that day
    """
    findings = []
    for due in dues:
        if due.mention.required and due.missing and due.mention.code in MISSING:
            _level, target, field = MISSING[due.mention.code]
            findings.append(Finding(f"missing_{due.mention.code}", target, field))
    values = (
        ("seller", facts.seller.name),
        ("buyer", facts.buyer.name),
        ("turnover", facts.turnover_passed),
    )
    findings += [
        Finding(check.code, check.target, check.field, values)
        for check in CHECKS
        if check.fails(facts)
    ]
    findings += [
        Finding(WORDLESS, T.WORDING, code, (("mention", code),)) for code in wordless
    ]
    return findings
