"""What a document says, as plain values: the input of every decision on mentions.

The models read the records once into these classes; nothing here knows a database,
a language or a clock.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of documents the law tells apart."""

    QUOTE = "quote"
    DEPOSIT = "deposit"
    INVOICE = "invoice"
    FINAL = "final"
    CREDIT_NOTE = "credit_note"
    SELF_BILLED = "self_billed"
    SELF_BILLED_CREDIT_NOTE = "self_billed_credit_note"


CREDIT_KINDS = frozenset({Kind.CREDIT_NOTE, Kind.SELF_BILLED_CREDIT_NOTE})
SELF_BILLED_KINDS = frozenset({Kind.SELF_BILLED, Kind.SELF_BILLED_CREDIT_NOTE})


class Category(StrEnum):
    """Category of the operation, décret 2022-1299."""

    GOODS = "goods"
    SERVICES = "services"
    MIXED = "mixed"


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of a sale; every text is ready to be printed."""

    name: str = ""
    address: str = ""
    has_full_address: bool = True
    country: str = "FR"
    siren: str = ""
    siret: str = ""
    vat: str = ""


@dataclass(frozen=True, kw_only=True)
class Seller(Party):
    """The seller, with what its own law makes it print.

    :param legal_form: as printed, e.g. ``SAS``; empty for a sole trader
    :param needs_capital: the legal form has a share capital
    :param capital: as printed, e.g. ``10 000 €``
    :param registry: as printed, e.g. ``RCS Paris``
    :param needs_registry: the seller has to be entered in a register
    :param insurance: insurer, contact and territory in one line
    :param vat_group: name and data of the member, when part of a VAT group
    """

    is_french: bool = True
    legal_form: str = ""
    needs_capital: bool = False
    capital: str = ""
    is_sole_trader: bool = False
    needs_registry: bool = True
    registry: str = ""
    is_franchise: bool = False
    vat_on_debits: bool = False
    is_vat_group_member: bool = False
    vat_group: str = ""
    is_association_member: bool = False
    is_building_trade: bool = False
    insurance: str = ""
    mediator: str = ""
    rounds_per_line: bool = False


@dataclass(frozen=True, kw_only=True)
class Buyer(Party):
    """The buyer.

    :param zone: ``FR``, ``EU`` or ``OUT``
    :param billing_address: only when it differs from the address
    """

    is_business: bool = True
    zone: str = "FR"
    billing_address: str = ""


@dataclass(frozen=True)
class TaxBase:
    """One VAT rate of the document, or one reason for having none.

    :param case: a code of ``exemptions.CASES``; empty for a taxed base
    :param reason: the words of an exemption whose case gives none
    """

    rate: Decimal
    case: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Reference:
    """Another document, cited by its number and date."""

    number: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything the mentions of one document depend on.

    :param net: total without tax, in euro
    :param vat_in_euro: VAT in euro, printed when ``currency`` is another
    :param bare_lines: lines with neither a VAT rate nor a reason for having none
    :param unnamed_lines: lines without a description
    :param vat_of_franchise: a small-business seller charges VAT
    :param late_rate: words of the penalty rate
    :param recovery_fee: as printed, e.g. ``40,00 €``
    :param early_discount: words of the discount; empty: there is none
    """

    kind: Kind
    day: date
    seller: Seller
    buyer: Buyer
    number: str = ""
    bases: tuple[TaxBase, ...] = ()
    bare_lines: int = 0
    unnamed_lines: int = 0
    category: Category | None = None
    net: Decimal = Decimal(0)
    currency: str = "EUR"
    vat_in_euro: str = ""
    due_day: date | None = None
    supply_day: date | None = None
    delivery_address: str = ""
    order_number: str = ""
    late_rate: str = ""
    recovery_fee: str = ""
    early_discount: str = ""
    originals: tuple[Reference, ...] = ()
    original_had_vat: bool = False
    reason: str = ""
    deposits: tuple[Reference, ...] = ()
    valid_until: date | None = None
    place_of_work: str = ""
    quote_fee: str = ""
    is_off_premises: bool = False
    waste: str = ""
    turnover_passed: str = field(default="")

    @property
    def has_vat(self) -> bool:
        return any(base.rate and not base.case for base in self.bases)

    @property
    def cases(self) -> frozenset[str]:
        return frozenset(base.case for base in self.bases if base.case)
