"""Which mentions a French document must carry: one table, a row per mention.

Each row names its conditions (all must hold), the values its words need and the
article that asks for it. ``decide`` walks the table and returns what has to be
printed, with the values that are still missing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .exemptions import BUYER_VAT_NEEDED, CASES, EXEMPT, FRANCHISE, REVERSED
from .facts import (
    CREDIT_KINDS,
    SELF_BILLED_KINDS,
    Buyer,
    Category,
    Facts,
    Kind,
    Reference,
    Seller,
)
from .typography import format_day

# 242 nonies A of annex II to the CGI: no seller VAT number up to this net amount.
SMALL_INVOICE_NET_EUR = Decimal(150)
DOCUMENTS = frozenset(Kind)
INVOICES = DOCUMENTS - {Kind.QUOTE}
# What the seller owes on its own papers; the buyer who writes for it does not know.
OWN = DOCUMENTS - SELF_BILLED_KINDS
PAYABLE = frozenset({Kind.INVOICE, Kind.DEPOSIT, Kind.FINAL, Kind.SELF_BILLED})

Values = dict[str, str]


class Place:
    """Where a mention is printed."""

    SELLER = "seller"
    FACTS = "facts"
    TAX = "tax"
    PAYMENT = "payment"
    OTHER = "other"
    CORE = "core"  # printed by Odoo's own template, only checked here


CONDITIONS: dict[str, Callable[[Facts], bool]] = {
    "always": lambda f: True,
    "business": lambda f: f.buyer.is_business,
    "consumer": lambda f: not f.buyer.is_business,
    "french_business": lambda f: f.buyer.is_business and f.buyer.zone == "FR",
    "eu_buyer": lambda f: f.buyer.zone == "EU",
    "foreign_buyer": lambda f: f.buyer.zone != "FR",
    "goods": lambda f: f.category in (Category.GOODS, Category.MIXED),
    "services": lambda f: f.category in (Category.SERVICES, Category.MIXED),
    "not_small": lambda f: f.net > SMALL_INVOICE_NET_EUR,
    "vat_charged": lambda f: f.has_vat,
    "not_franchise": lambda f: not f.seller.is_franchise and FRANCHISE not in f.cases,
    "french_seller": lambda f: f.seller.is_french,
    "buyer_vat_needed": lambda f: bool(f.cases & BUYER_VAT_NEEDED),
    "legal_person": lambda f: not f.seller.is_sole_trader,
    "capital": lambda f: f.seller.needs_capital,
    "sole_trader": lambda f: f.seller.is_sole_trader,
    "registered": lambda f: f.seller.needs_registry,
    "other_currency": lambda f: f.currency != "EUR" and f.has_vat,
    "other_billing_address": lambda f: bool(f.buyer.billing_address),
    "other_supply_day": lambda f: bool(f.supply_day) and f.supply_day != f.day,
    "other_delivery_address": lambda f: bool(f.delivery_address),
    "self_billed": lambda f: f.kind in SELF_BILLED_KINDS,
    "vat_group": lambda f: f.seller.is_vat_group_member,
    "ordered": lambda f: bool(f.order_number),
    "discount": lambda f: bool(f.early_discount),
    "no_discount": lambda f: not f.early_discount,
    "debits": lambda f: f.seller.vat_on_debits and f.has_vat,
    "association": lambda f: f.seller.is_association_member,
    "building": lambda f: f.seller.is_building_trade,
    "credit": lambda f: f.kind in CREDIT_KINDS,
    "net_of_tax": lambda f: (
        f.kind in CREDIT_KINDS and f.original_had_vat and not f.has_vat
    ),
    "deposits": lambda f: bool(f.deposits),
    "work_elsewhere": lambda f: bool(f.place_of_work),
    "off_premises": lambda f: f.is_off_premises,
    "waste": lambda f: bool(f.waste),
    "mediator": lambda f: bool(f.seller.mediator),
}
CONDITIONS |= {case: (lambda f, case=case: case in f.cases) for case in CASES}


class Mention(NamedTuple):
    """A row of the table.

    :param code: key of its dated wording
    :param row: of the table of mandatory mentions, 0 for those of quotes and credits
    :param kinds: documents that carry it
    :param when: names of ``CONDITIONS``, all of which must hold
    :param values: what its words need
    :param required: a missing value is a fault; otherwise the mention is left out
    """

    code: str
    row: int
    place: str
    kinds: frozenset[Kind]
    when: tuple[str, ...]
    values: Callable[[Facts], Values]
    article: str
    required: bool = True


@dataclass(frozen=True)
class Due:
    """A mention that this document carries."""

    mention: Mention
    values: Values

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name, value in self.values.items() if not value)


def _nothing(facts: Facts) -> Values:
    return {}


def _cite(references: tuple[Reference, ...]) -> str:
    cited = (
        f"{reference.number} du {format_day(reference.day)}"
        for reference in references
        if reference.number
    )
    return ", ".join(cited)


def _reason_of(facts: Facts) -> str:
    """Join the references of the exempt bases; one without a reference spoils all."""
    reasons = [base.reason for base in facts.bases if base.case == EXEMPT]
    return ", ".join(dict.fromkeys(reasons)) if all(reasons) else ""


def _party(side: str, name: str) -> Callable[[Facts], Values]:
    return lambda f: {name: getattr(getattr(f, side), name)}


def _fact(name: str) -> Callable[[Facts], Values]:
    return lambda f: {name: getattr(f, name)}


def _day(name: str) -> Callable[[Facts], Values]:
    return lambda f: {name: format_day(getattr(f, name))}


CATEGORY_WORDS = {
    Category.GOODS: "Livraison de biens",
    Category.SERVICES: "Prestation de services",
    Category.MIXED: "Livraison de biens et prestation de services",
}
TAX_LIST = "CGI ann. II art. 242 nonies A"
COMMERCIAL_LIST = "C. com. art. L441-9"
DECREE_2022 = "Décret 2022-1299"
REPAIRS = "Arrêté du 24 janvier 2017"
QUOTES = frozenset({Kind.QUOTE})
P = Place
TABLE: tuple[Mention, ...] = (
    Mention("seller_identity", 1, P.SELLER, DOCUMENTS, ("always",),
            lambda f: {"name": f.seller.name,
                       "address": f.seller.address if f.seller.has_full_address
                       else ""},
            f"{TAX_LIST} I 1°"),
    Mention("sole_trader", 7, P.SELLER, OWN, ("sole_trader",), _nothing,
            "C. com. art. R526-27"),
    Mention("legal_form", 6, P.SELLER, OWN, ("legal_person",),
            _party("seller", "legal_form"), "C. com. art. R123-238"),
    Mention("capital", 6, P.SELLER, OWN, ("legal_person", "capital"),
            _party("seller", "capital"), "C. com. art. R123-238"),
    Mention("seller_siren", 2, P.SELLER, DOCUMENTS, ("french_seller",),
            lambda f: {"siren": f.seller.siren}, "C. com. art. R123-237"),
    Mention("seller_siret", 2, P.SELLER, DOCUMENTS, ("always",),
            lambda f: {"siret": f.seller.siret}, "C. com. art. R123-237",
            required=False),
    Mention("registry", 6, P.SELLER, OWN, ("registered",),
            _party("seller", "registry"), "C. com. art. R123-237"),
    # Compulsory above the small amount; printed below too when it is known.
    Mention("seller_vat", 4, P.SELLER, DOCUMENTS, ("not_franchise", "not_small"),
            lambda f: {"vat": f.seller.vat}, f"{TAX_LIST} I 2°"),
    Mention("vat_group", 18, P.SELLER, DOCUMENTS, ("vat_group",),
            _party("seller", "vat_group"), f"{TAX_LIST} I 5° bis"),
    Mention("association", 27, P.SELLER, OWN, ("association",), _nothing,
            "CGI ann. II art. 371 LA"),
    Mention("insurance", 28, P.OTHER, OWN, ("building",),
            _party("seller", "insurance"), "C. assur. art. L243-2"),
    Mention("buyer_identity", 1, P.CORE, DOCUMENTS, ("always",),
            lambda f: {"name": f.buyer.name,
                       "address": f.buyer.address if f.buyer.has_full_address
                       else ""},
            f"{TAX_LIST} I 1°"),
    Mention("billing_address", 1, P.FACTS, DOCUMENTS, ("other_billing_address",),
            _party("buyer", "billing_address"), COMMERCIAL_LIST),
    Mention("buyer_siren", 3, P.FACTS, DOCUMENTS, ("french_business",),
            lambda f: {"siren": f.buyer.siren}, DECREE_2022),
    Mention("buyer_vat", 5, P.FACTS, INVOICES, ("buyer_vat_needed",),
            lambda f: {"vat": f.buyer.vat}, f"{TAX_LIST} I 3° et 4°"),
    Mention("issue_date", 8, P.CORE, DOCUMENTS, ("always",), _day("day"),
            f"{TAX_LIST} I 6°"),
    # A draft has no number yet: it gets one when it is posted.
    Mention("number", 9, P.CORE, DOCUMENTS, ("always",), _fact("number"),
            f"{TAX_LIST} I 7°", required=False),
    Mention("lines", 10, P.CORE, DOCUMENTS, ("always",), _nothing,
            f"{TAX_LIST} I 8°"),
    Mention("line_discounts", 11, P.CORE, DOCUMENTS, ("always",), _nothing,
            f"{TAX_LIST} I 9°"),
    Mention("supply_date", 12, P.FACTS, INVOICES, ("other_supply_day",),
            _day("supply_day"), f"{TAX_LIST} I 10°"),
    Mention("totals_per_rate", 13, P.CORE, DOCUMENTS, ("vat_charged",), _nothing,
            f"{TAX_LIST} I 11°"),
    Mention("vat_in_euro", 13, P.TAX, INVOICES, ("other_currency",),
            _fact("vat_in_euro"), f"{TAX_LIST} I 11°"),
    *(
        Mention(case, 15 if case in REVERSED else 14, P.TAX, DOCUMENTS, (case,),
                _nothing, f"{TAX_LIST} I {'13°' if case in REVERSED else '12°'}")
        for case in CASES[:6]
    ),
    Mention("exempt", 14, P.TAX, DOCUMENTS, ("exempt",),
            lambda f: {"reason": _reason_of(f)}, f"{TAX_LIST} I 12°"),
    Mention("self_billing", 16, P.FACTS, INVOICES, ("self_billed",), _nothing,
            f"{TAX_LIST} I 14°"),
    Mention("margin", 17, P.TAX, DOCUMENTS, ("margin",), _nothing,
            f"{TAX_LIST} I 16°"),
    Mention("travel_agency", 17, P.TAX, DOCUMENTS, ("travel_agency",), _nothing,
            f"{TAX_LIST} I 15°"),
    Mention("due_date", 19, P.PAYMENT, PAYABLE, ("business",), _day("due_day"),
            COMMERCIAL_LIST),
    Mention("due_date", 19, P.PAYMENT, PAYABLE, ("consumer",), _day("due_day"),
            COMMERCIAL_LIST, required=False),
    Mention("early_discount", 20, P.PAYMENT, PAYABLE, ("business", "discount"),
            _fact("early_discount"), COMMERCIAL_LIST),
    Mention("no_early_discount", 20, P.PAYMENT, PAYABLE,
            ("business", "no_discount"), _nothing, COMMERCIAL_LIST),
    Mention("late_penalty", 21, P.PAYMENT, PAYABLE, ("business",),
            _fact("late_rate"), "C. com. art. L441-9, L441-10"),
    Mention("recovery_fee", 22, P.PAYMENT, PAYABLE, ("business",),
            _fact("recovery_fee"), "C. com. art. L441-9, D441-5"),
    Mention("order_number", 23, P.FACTS, INVOICES, ("business", "ordered"),
            _fact("order_number"), COMMERCIAL_LIST),
    Mention("delivery_address", 24, P.FACTS, DOCUMENTS,
            ("goods", "other_delivery_address"), _fact("delivery_address"),
            DECREE_2022),
    Mention("operation_category", 25, P.FACTS, DOCUMENTS, ("always",),
            lambda f: {"category": CATEGORY_WORDS.get(f.category, "")}, DECREE_2022),
    Mention("debits", 26, P.TAX, INVOICES, ("debits",), _nothing, DECREE_2022),
    # Credit notes, CGI 289 I 5; deposits, CGI 289 I 1 c.
    Mention("original_invoice", 0, P.FACTS, INVOICES, ("credit",),
            lambda f: {"originals": _cite(f.originals)}, "CGI art. 289 I 5"),
    Mention("credit_reason", 0, P.FACTS, INVOICES, ("credit",), _fact("reason"),
            "CGI art. 289 I 5"),
    Mention("net_of_tax", 0, P.TAX, INVOICES, ("net_of_tax",), _nothing,
            "CGI art. 272"),
    Mention("deposit_invoices", 0, P.CORE, INVOICES, ("deposits",),
            lambda f: {"deposits": _cite(f.deposits)}, "CGI art. 289 I 1 c"),
    # Quotes, part 2.1 of the rules.
    Mention("quote_validity", 0, P.FACTS, QUOTES, ("always",), _day("valid_until"),
            REPAIRS),
    Mention("place_of_work", 0, P.FACTS, QUOTES, ("services", "work_elsewhere"),
            _fact("place_of_work"), REPAIRS),
    Mention("quote_fee", 0, P.OTHER, QUOTES, ("consumer",), _fact("quote_fee"),
            REPAIRS),
    Mention("waste", 0, P.OTHER, QUOTES, ("waste",), _fact("waste"),
            "C. env. art. D541-45-1"),
    Mention("withdrawal", 0, P.OTHER, QUOTES, ("consumer", "off_premises"), _nothing,
            "C. conso. art. L221-18, L221-10"),
    Mention("mediator", 0, P.OTHER, DOCUMENTS, ("consumer",),
            _party("seller", "mediator"), "C. conso. art. L616-1"),
)  # fmt: skip
CODES = tuple(dict.fromkeys(mention.code for mention in TABLE))
# Below the small amount a known VAT number is printed, an unknown one is no fault.
SMALL_SELLER_VAT = Mention(
    "seller_vat", 4, P.SELLER, DOCUMENTS, ("not_franchise",),
    lambda f: {"vat": f.seller.vat}, f"{TAX_LIST} I 2°", required=False,
)  # fmt: skip


def holds(conditions: tuple[str, ...], facts: Facts) -> bool:
    """Tell whether all the named conditions hold."""
    return all(CONDITIONS[name](facts) for name in conditions)


def decide(facts: Facts) -> list[Due]:
    """Return the mentions of a document, in the order of the table.

    An optional mention whose value is unknown is left out; a required one stays, so
    that the check before posting can tell what is missing.
    """
    rows = TABLE
    if not CONDITIONS["not_small"](facts):
        rows = tuple(
            SMALL_SELLER_VAT if row.code == "seller_vat" else row for row in TABLE
        )
    dues = [
        Due(row, row.values(facts))
        for row in rows
        if facts.kind in row.kinds and holds(row.when, facts)
    ]
    return [due for due in dues if due.mention.required or not due.missing]


def list_values(code: str) -> tuple[str, ...]:
    """Return the names of the values the words of a mention may use.

    >>> list_values("seller_identity")
    ('name', 'address')
    """
    nobody = Facts(kind=Kind.INVOICE, day=date.min, seller=Seller(), buyer=Buyer())
    return next((tuple(m.values(nobody)) for m in TABLE if m.code == code), ())
