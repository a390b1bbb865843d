"""How a reason for having no VAT is written in a Factur-X document.

The cases are those of ``exemptions``; the words are the ones printed on the
document, given by the caller.
"""

from dataclasses import replace
from typing import NamedTuple

from . import exemptions
from .facturx_document import TaxGroup


class Code(NamedTuple):
    """BT-118 and BT-121."""

    category: str
    reason_code: str


CODES = {
    exemptions.FRANCHISE: Code("E", "VATEX-FR-FRANCHISE"),
    exemptions.REVERSE_CHARGE_BUILDING: Code("AE", "VATEX-EU-AE"),
    exemptions.REVERSE_CHARGE: Code("AE", "VATEX-EU-AE"),
    exemptions.INTRA_GOODS: Code("K", "VATEX-EU-IC"),
    exemptions.EXPORT: Code("G", "VATEX-EU-G"),
    exemptions.OUT_OF_SCOPE: Code("O", "VATEX-EU-O"),
    exemptions.EXEMPT: Code("E", ""),
    exemptions.MARGIN: Code("E", "VATEX-EU-F"),
    exemptions.TRAVEL_AGENCY: Code("E", "VATEX-EU-309"),
}


def merge_groups(groups: list[TaxGroup]) -> list[TaxGroup]:
    """One row per category and rate, as EN 16931 wants (BR-E-01, BR-AE-01 ...).

    Two reasons of one category are joined; a code that speaks for only one of
    them is dropped.
    """
    merged: dict[tuple, TaxGroup] = {}
    for group in groups:
        known = merged.setdefault((group.category, group.rate), group)
        if known is group:
            continue
        reasons = dict.fromkeys(filter(None, (known.reason, group.reason)))
        same_code = known.reason_code == group.reason_code
        merged[group.category, group.rate] = replace(
            known,
            base=known.base + group.base,
            amount=known.amount + group.amount,
            reason=" ; ".join(reasons),
            reason_code=known.reason_code if same_code else "",
        )
    return list(merged.values())


def mixed_out_of_scope(categories: set[str]) -> bool:
    """Whether out-of-scope lines meet others, which BR-O-11 to 14 forbid.

    Such lines are then written as exempt, with their reason in words.
    """
    return "O" in categories and len(categories) > 1
