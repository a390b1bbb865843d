"""A deal as the copilot sees it, for its unit tests."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from odoo.addons.crm_ai_copilot.lib.facts import DealContext, Exchange, Meeting, Quote

TODAY = date(2026, 3, 2)
QUOTE = Quote(
    name="S00042",
    state="sent",
    untaxed=Decimal("15000.00"),
    total=Decimal("18000.00"),
    currency="EUR",
    made_on=date(2026, 2, 20),
    sent_on=date(2026, 2, 23),
    valid_until=date(2026, 3, 25),
    products=("Refonte du site",),
)
CONTEXT = DealContext(
    today=TODAY,
    deal="Biotech - refonte",
    seller="Lucas Martin",
    seller_company="Agence Lumen",
    stage="Proposition",
    client="Biotech SA",
    contact="Henri Dupont",
    amount=Decimal("15000"),
    deadline=date(2026, 4, 30),
    created_on=date(2026, 1, 12),
    quotes=(QUOTE,),
    exchanges=(
        Exchange(
            date(2026, 2, 25),
            "in",
            "Henri Dupont",
            "Notre budget est de 16 500 €, réponse avant le 10 mars.",
        ),
        Exchange(date(2026, 2, 23), "out", "Lucas Martin", "Voici le devis."),
    ),
    meetings=(Meeting("Atelier", datetime(2026, 3, 5, 14, 30)),),
    contacts=("henri.dupont@biotech.example", "01 44 55 66 77"),
)


def bare(**values):
    """A deal about which nothing is known but its name."""
    empty = DealContext(
        today=TODAY, deal="Projet", seller="Lucas Martin", seller_company="Agence Lumen"
    )
    return replace(empty, **values)
