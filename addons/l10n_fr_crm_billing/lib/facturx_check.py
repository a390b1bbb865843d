"""The French rules that a user can repair, checked before the XML leaves.

This is not the rule engine of the tests: it names, in the words of the screen,
the data that is missing. Rule numbers are those of XP Z12-012 (V1.4).
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from .facturx_document import SCHEME_FRENCH_ADDRESS, Document

NUMBER_MAX_LENGTH = 35
NUMBER_PATTERN = re.compile(r"[A-Za-z0-9+_/-]+")
ADDRESS_PATTERN = re.compile(r"[A-Za-z0-9_.-]{1,125}")
VAT_RATES = frozenset(
    Decimal(rate)
    for rate in ("0 0.9 1.05 1.75 2.1 5.5 7 8.5 9.2 9.6 10 13 19.6 20 20.6".split())
)
CATEGORIES = frozenset({"S", "E", "AE", "K", "G", "O", "Z"})
# The note subjects every French invoice carries (BR-FR-05).
REQUIRED_NOTES = ("PMD", "PMT", "AAB")


@dataclass(frozen=True)
class Problem:
    """A broken rule. ``code`` is ours, stable; ``rule`` the public number."""

    code: str
    rule: str
    value: str = ""
    blocking: bool = True


def is_valid_number(number: str) -> bool:
    """Whether an invoice number fits BR-FR-01 and BR-FR-02.

    >>> is_valid_number("2026-F-0001"), is_valid_number("2026 F 1")
    (True, False)
    """
    return len(number) <= NUMBER_MAX_LENGTH and bool(NUMBER_PATTERN.fullmatch(number))


def find_problems(document: Document) -> list[Problem]:
    """Everything the platforms would refuse, in the order of the rules."""
    return [
        *_check_header(document),
        *_check_parties(document),
        *_check_taxes(document),
        *_check_dates(document),
    ]


def _check_header(document: Document):
    if len(document.number) > NUMBER_MAX_LENGTH:
        yield Problem("number_length", "BR-FR-01", document.number)
    if not NUMBER_PATTERN.fullmatch(document.number):
        yield Problem("number_charset", "BR-FR-02", document.number)
    for subject in REQUIRED_NOTES:
        if not document.notes.get(subject):
            yield Problem("note", "BR-FR-05", subject)
    dated = [ref for ref in document.references if ref.number and ref.issued_on]
    if document.kind.is_credit_note and not dated:
        yield Problem("reference", "BR-FR-CO-05")


def _check_parties(document: Document):
    seller, buyer = document.seller, document.buyer
    if not seller.siren:
        yield Problem("seller_siren", "BR-FR-10")
    if document.kind.buyer == "b2b" and not buyer.siren:
        yield Problem("buyer_siren", "BR-FR-11")
    for role, party in (("seller", seller), ("buyer", buyer)):
        if party.siret and party.siren and not party.siret.startswith(party.siren):
            yield Problem(f"{role}_siret", "BR-FR-09", party.siret)
        if not party.address.country:
            yield Problem(f"{role}_country", "BR-09" if role == "seller" else "BR-11")
        yield from _check_endpoint(role, party)


def _check_endpoint(role: str, party):
    rule = "BR-FR-13" if role == "seller" else "BR-FR-12"
    if not party.endpoint:
        yield Problem(f"{role}_endpoint", rule, blocking=False)
    elif party.endpoint_scheme == SCHEME_FRENCH_ADDRESS:
        if not ADDRESS_PATTERN.fullmatch(party.endpoint):
            yield Problem(f"{role}_endpoint_charset", "BR-FR-23", party.endpoint)
        elif party.siren and not party.endpoint.startswith(party.siren):
            yield Problem(f"{role}_endpoint_siren", "BR-FR-21", party.endpoint)


def _check_taxes(document: Document):
    categories = {tax.category for tax in document.taxes}
    for category in sorted(categories - CATEGORIES):
        yield Problem("vat_category", "BR-FR-15", category)
    if "O" in categories and len(categories) > 1:
        yield Problem("vat_out_of_scope_mixed", "BR-O-11")
    for tax in document.taxes:
        if tax.rate is not None and tax.rate not in VAT_RATES:
            yield Problem("vat_rate", "BR-FR-16", f"{tax.rate.normalize():f}")
        if tax.category == "S" and not tax.rate:
            yield Problem("vat_rate_zero", "BR-S-05")
    if "K" in categories and not document.buyer.vat:
        yield Problem("buyer_vat", "BR-IC-02")
    if "AE" in categories and not (document.buyer.vat or document.buyer.siren):
        yield Problem("buyer_vat", "BR-AE-02")


def _check_dates(document: Document):
    kind, due = document.kind, document.due_on
    if due and due < document.issued_on and not (kind.is_deposit or kind.is_paid):
        yield Problem("due_before_issue", "BR-FR-CO-07", due.isoformat())
    for day in (document.issued_on, due, document.delivered_on):
        if day and not 2000 <= day.year <= 2099:
            yield Problem("year", "BR-FR-03", day.isoformat())
