"""A deal as facts: what a draft may state, in French, with its known values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from odoo.addons.crm_ai.lib.folding import fold

from .fact_check import Known, read_known
from .french import format_amount, format_day

Direction = Literal["in", "out", "note"]
# How many messages and how long: what a model needs, no more.
MAX_EXCHANGES = 8
MAX_TEXT = 1500
LETTERS = "abcdefghijklmnopqrstuvwxyz"
QUOTE_STATES = {
    "draft": "en préparation",
    "sent": "envoyé",
    "sale": "accepté",
    "cancel": "annulé",
}
DIRECTIONS = {"in": "reçu du client", "out": "envoyé par nous", "note": "note interne"}


@dataclass(frozen=True)
class Exchange:
    """A message or note of the deal's thread."""

    day: date
    direction: Direction
    author: str
    text: str


@dataclass(frozen=True)
class Quote:
    """A quotation of the deal.

    :param state: as Odoo's sale order
    :param order_id: of the sale order
    """

    name: str
    state: str
    untaxed: Decimal
    total: Decimal
    currency: str
    made_on: date
    sent_on: date | None = None
    valid_until: date | None = None
    products: tuple[str, ...] = ()
    order_id: int = 0


@dataclass(frozen=True)
class Meeting:
    """A meeting of the deal, in the seller's time zone."""

    title: str
    start: datetime


@dataclass(frozen=True)
class DealContext:
    """All that our own records state of a deal.

    :param exchanges: newest first
    :param contacts: addresses, numbers and links that may stand in a draft
    """

    today: date
    deal: str
    seller: str
    seller_company: str
    stage: str = ""
    client: str = ""
    contact: str = ""
    amount: Decimal | None = None
    currency: str = "EUR"
    deadline: date | None = None
    created_on: date | None = None
    quotes: tuple[Quote, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    contacts: tuple[str, ...] = ()

    def get_open_quote(self) -> Quote | None:
        """Return the quotation that waits for an answer, the newest one sent."""
        sent = [quote for quote in self.quotes if quote.state == "sent"]
        return max(
            sent,
            key=lambda quote: (quote.sent_on or quote.made_on, quote.name),
            default=None,
        )

    def get_last(self, direction: Direction) -> Exchange | None:
        """Return the newest exchange of a direction."""
        return next((e for e in self.exchanges if e.direction == direction), None)

    def get_next_meeting(self) -> Meeting | None:
        coming = [m for m in self.meetings if m.start.date() >= self.today]
        return min(coming, key=lambda meeting: meeting.start, default=None)

    def get_last_meeting(self) -> Meeting | None:
        past = [m for m in self.meetings if m.start.date() < self.today]
        return max(past, key=lambda meeting: meeting.start, default=None)


def _prepare_quote(quote: Quote, today: date) -> dict[str, Any]:
    return {
        "reference": quote.name,
        "etat": QUOTE_STATES.get(quote.state, quote.state),
        "montant_ht": format_amount(quote.untaxed, quote.currency),
        "montant_ttc": format_amount(quote.total, quote.currency),
        "envoye_le": format_day(quote.sent_on, today) if quote.sent_on else None,
        "valable_jusqu_au": (
            format_day(quote.valid_until, today) if quote.valid_until else None
        ),
        "prestations": list(quote.products),
    }


def prepare_facts(context: DealContext) -> dict[str, Any]:
    """Return the facts, ready for JSON; nothing here was written by a client."""
    today = context.today
    return {
        "aujourd_hui": format_day(today),
        "affaire": context.deal,
        "client": context.client,
        "contact": context.contact,
        "etape": context.stage,
        "montant": (
            format_amount(context.amount, context.currency) if context.amount else None
        ),
        "echeance": format_day(context.deadline, today) if context.deadline else None,
        "vendeur": context.seller,
        "societe": context.seller_company,
        "devis": [_prepare_quote(quote, today) for quote in context.quotes],
        "rendez_vous": [
            {
                "objet": meeting.title,
                "le": format_day(meeting.start.date(), today),
                "heure": f"{meeting.start:%H h %M}",
            }
            for meeting in context.meetings
        ],
        "derniers_echanges": [
            {
                "le": format_day(exchange.day, today),
                "sens": DIRECTIONS[exchange.direction],
            }
            for exchange in context.exchanges[:MAX_EXCHANGES]
        ],
    }


def prepare_history(context: DealContext) -> str:
    """Return the last exchanges as one text: data of others, never instructions."""
    pieces = []
    for exchange in context.exchanges[:MAX_EXCHANGES]:
        head = f"[{format_day(exchange.day)}, {DIRECTIONS[exchange.direction]}"
        pieces.append(f"{head}, {exchange.author}]\n{exchange.text[:MAX_TEXT]}")
    return "\n\n".join(pieces)


def get_known(context: DealContext) -> Known:
    """Return the values that the records state."""
    amounts = {context.amount} if context.amount else set()
    days = {context.today, context.deadline, context.created_on}
    references = set()
    titles = [context.deal]
    for quote in context.quotes:
        amounts |= {quote.untaxed, quote.total}
        days |= {quote.sent_on, quote.valid_until, quote.made_on}
        name = "".join(filter(str.isalnum, fold(quote.name)))
        references |= {name, name.lstrip(LETTERS), name.lstrip(LETTERS + "0")}
        titles.extend(quote.products)
    for meeting in context.meetings:
        days.add(meeting.start.date())
        titles.append(meeting.title)
    days |= {exchange.day for exchange in context.exchanges}
    titles.extend(context.contacts)
    stated = read_known((title, context.today) for title in titles)
    return stated | Known(
        amounts=frozenset(amounts),
        days=frozenset(day for day in days if day),
        hours=frozenset((m.start.hour, m.start.minute) for m in context.meetings),
        references=frozenset(references),
        contacts=frozenset(fold(contact) for contact in context.contacts),
    )


def get_quoted(context: DealContext) -> Known:
    """Return the values that messages and notes state.

    Contacts are left out: an address that only a message names is never used.
    """
    known = read_known((e.text, e.day) for e in context.exchanges)
    return replace(known, contacts=frozenset())


def read_instruction(instruction: str, today: date) -> Known:
    """Return the values that the seller typed: his own word counts as a fact."""
    return read_known([(instruction, today)])
