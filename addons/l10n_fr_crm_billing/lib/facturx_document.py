"""The facts of a Factur-X document that core leaves out or writes otherwise.

Amounts are ``Decimal`` in the currency of the document, already rounded; dates
are plain dates. Numbers in brackets are the business terms of EN 16931.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .document_kind import DocumentKind

PROFILE = "urn:cen.eu:en16931:2017"
SCHEME_SIREN = "0002"
SCHEME_SIRET = "0009"
SCHEME_FRENCH_ADDRESS = "0225"
SCHEME_MAIL = "EM"


@dataclass(frozen=True)
class Address:
    country: str
    line1: str = ""
    line2: str = ""
    postcode: str = ""
    city: str = ""


@dataclass(frozen=True)
class Party:
    """A seller, a buyer or a place of delivery."""

    name: str
    address: Address
    siren: str = ""
    siret: str = ""
    registration: str = ""  # number of a foreign register
    vat: str = ""
    tax_number: str = ""  # BT-32, for a seller without VAT number
    endpoint: str = ""
    endpoint_scheme: str = ""
    contact: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Line:
    """One line: ``net_price`` and ``gross_price`` are unit prices without tax."""

    index: int  # position in core's document
    name: str
    description: str
    quantity: Decimal
    net_price: Decimal
    gross_price: Decimal
    total: Decimal
    category: str
    rate: Decimal | None  # None for category O


@dataclass(frozen=True)
class TaxGroup:
    """One row of the VAT breakdown (BG-23)."""

    category: str
    rate: Decimal | None
    base: Decimal
    amount: Decimal
    reason: str = ""
    reason_code: str = ""


@dataclass(frozen=True)
class Totals:
    lines: Decimal
    tax: Decimal
    grand: Decimal
    prepaid: Decimal
    payable: Decimal
    tax_in_euro: Decimal | None = None  # only for another currency (BT-111)

    @property
    def rounding(self) -> Decimal:
        """BT-114: what is left when cents do not add up (deposits, cash rounding)."""
        return self.payable - (self.grand - self.prepaid)


@dataclass(frozen=True)
class Reference:
    """An earlier document: the credited invoice, each deposit invoice."""

    number: str
    issued_on: date | None


@dataclass(frozen=True)
class Document:
    number: str
    issued_on: date
    kind: DocumentKind
    currency: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    taxes: tuple[TaxGroup, ...]
    totals: Totals
    due_on: date | None = None
    terms: str = ""
    delivered_on: date | None = None
    ship_to: Party | None = None
    order_number: str = ""
    notes: dict[str, str] = field(default_factory=dict)  # subject code -> text
    free_note: str = ""
    references: tuple[Reference, ...] = ()
    means_code: str = "30"
