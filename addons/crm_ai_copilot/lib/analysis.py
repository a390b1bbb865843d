"""The state of a pipeline as facts: each with an id, its numbers and its records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import median
from typing import Any, Literal

Kind = Literal[
    "pipeline", "idle", "bottleneck", "slipping", "segment", "churn", "upsell"
]
# A stage holds deals up when they stay this many times longer than elsewhere.
BOTTLENECK_RATIO = 1.5
MIN_BOTTLENECK_DEALS = 2
# A client is leaving when silent this many times his usual interval.
CHURN_RATIO = 2
MIN_ORDERS = 3
DORMANT_DAYS = 60
# The deals that make this share of the amount are of high value.
HIGH_VALUE_SHARE = Decimal("0.5")


@dataclass(frozen=True)
class Deal:
    """An open opportunity.

    :param amount: in the currency of the company
    :param idle_days: since the last exchange or change of stage
    :param postponed: how often its closing date was put back
    """

    deal_id: int
    name: str
    amount: Decimal
    probability: float
    stage_id: int
    stage: str
    stage_days: int
    idle_days: int
    seller: str
    deadline: date | None = None
    postponed: int = 0
    is_unhappy: bool = False


@dataclass(frozen=True)
class Client:
    """A client with the days of his orders, oldest first."""

    partner_id: int
    name: str
    order_days: tuple[date, ...]
    amount: Decimal
    is_unhappy: bool = False


@dataclass(frozen=True)
class Upsell:
    """A product to propose on an open quotation, with what says so."""

    order_id: int
    order: str
    product: str
    because: str
    support: int
    base: int


@dataclass(frozen=True)
class Fact:
    """One thing that is so.

    :param numbers: what sentences may state, by name
    :param labels: words that go with them
    :param model: of the records
    """

    fact_id: str
    kind: Kind
    numbers: dict[str, Decimal | int]
    labels: dict[str, str] = field(default_factory=dict)
    model: str = ""
    res_ids: tuple[int, ...] = ()
    days: dict[str, date] = field(default_factory=dict)


def _sum(deals: Iterable[Deal]) -> Decimal:
    return sum((deal.amount for deal in deals), Decimal(0))


def _of_deals(fact_id: str, kind: Kind, deals: Sequence[Deal], **labels: str) -> Fact:
    return Fact(
        fact_id,
        kind,
        {"count": len(deals), "amount": _sum(deals)},
        labels,
        "crm.lead",
        tuple(deal.deal_id for deal in deals),
    )


def find_pipeline(deals: Sequence[Deal]) -> list[Fact]:
    fact = _of_deals("pipeline", "pipeline", deals)
    weighted = sum(
        (deal.amount * Decimal(str(deal.probability)) / 100 for deal in deals),
        Decimal(0),
    )
    fact.numbers["weighted"] = weighted.quantize(Decimal("0.01"))
    return [fact]


def find_idle(deals: Sequence[Deal], days: int) -> list[Fact]:
    """Return the deals without exchange for more than that many days."""
    idle = sorted(
        (deal for deal in deals if deal.idle_days > days),
        key=lambda deal: (-deal.amount, deal.deal_id),
    )
    total = _of_deals("idle", "idle", idle)
    total.numbers["days"] = days
    facts = [total]
    for deal in idle[:5]:
        fact = _of_deals(f"idle-{deal.deal_id}", "idle", [deal], deal=deal.name)
        fact.numbers["idle_days"] = deal.idle_days
        facts.append(fact)
    return facts


def find_bottlenecks(deals: Sequence[Deal]) -> list[Fact]:
    """Return the stages where deals stay clearly longer than elsewhere."""
    by_stage: dict[int, list[Deal]] = defaultdict(list)
    for deal in deals:
        by_stage[deal.stage_id].append(deal)
    facts = []
    for stage_id, held in by_stage.items():
        others = [deal.stage_days for deal in deals if deal.stage_id != stage_id]
        if len(held) < MIN_BOTTLENECK_DEALS or not others:
            continue
        here, elsewhere = median(d.stage_days for d in held), median(others)
        if here <= 7 or here < BOTTLENECK_RATIO * elsewhere:
            continue
        fact = _of_deals(
            f"bottleneck-{stage_id}", "bottleneck", held, stage=held[0].stage
        )
        fact.numbers.update(stage_days=round(here), other_days=round(elsewhere))
        facts.append(fact)
    return sorted(facts, key=lambda fact: (-fact.numbers["amount"], fact.fact_id))


def find_slipping(deals: Sequence[Deal], today: date) -> list[Fact]:
    """Return the deals whose closing date is past, or was put back twice or more."""
    late = [deal for deal in deals if deal.deadline and deal.deadline < today]
    put_back = [d for d in deals if d.postponed >= 2 and d not in late]
    facts = []
    if late:
        fact = _of_deals("slipping-late", "slipping", late)
        oldest = min(late, key=lambda deal: deal.deadline or today)
        fact.labels["deal"] = oldest.name
        fact.days["oldest"] = oldest.deadline or today
        facts.append(fact)
    if put_back:
        facts.append(_of_deals("slipping-postponed", "slipping", put_back))
    return facts


def find_segments(deals: Sequence[Deal], today: date, days: int) -> list[Fact]:
    """Return the deals of high value, at risk and dormant; a deal may be in several."""
    total, high, held = _sum(deals), [], Decimal(0)
    for deal in sorted(deals, key=lambda deal: (-deal.amount, deal.deal_id)):
        if held >= total * HIGH_VALUE_SHARE or not deal.amount:
            break
        high.append(deal)
        held += deal.amount
    dormant = [deal for deal in deals if deal.idle_days > DORMANT_DAYS]
    at_risk = [
        deal
        for deal in deals
        if deal.is_unhappy
        or deal.postponed >= 2
        or (deal.deadline and deal.deadline < today and deal.idle_days > days)
    ]
    facts = [
        _of_deals("segment-high", "segment", high),
        _of_deals("segment-risk", "segment", at_risk),
        _of_deals("segment-dormant", "segment", dormant),
    ]
    facts[2].numbers["days"] = DORMANT_DAYS
    return [fact for fact in facts if fact.res_ids]


def find_churn(clients: Sequence[Client], today: date) -> list[Fact]:
    """Return the clients silent for twice their usual interval, or unhappy."""
    facts = []
    for client in clients:
        ordered = sorted(set(client.order_days))
        silence = (today - ordered[-1]).days if ordered else 0
        usual = 0
        if len(ordered) >= MIN_ORDERS:
            usual = round(
                median((b - a).days for a, b in zip(ordered, ordered[1:], strict=False))
            )
        is_silent = usual > 0 and silence > CHURN_RATIO * usual
        if not is_silent and not client.is_unhappy:
            continue
        facts.append(
            Fact(
                f"churn-{client.partner_id}",
                "churn",
                {"silence_days": silence, "usual_days": usual, "amount": client.amount}
                if is_silent
                else {"amount": client.amount},
                {"client": client.name, "sign": "silence" if is_silent else "mood"},
                "res.partner",
                (client.partner_id,),
            )
        )
    return sorted(facts, key=lambda fact: (-fact.numbers["amount"], fact.fact_id))[:10]


def find_upsells(upsells: Sequence[Upsell]) -> list[Fact]:
    return [
        Fact(
            f"upsell-{upsell.order_id}-{rank}",
            "upsell",
            {"support": upsell.support, "base": upsell.base},
            {
                "order": upsell.order,
                "product": upsell.product,
                "because": upsell.because,
            },
            "sale.order",
            (upsell.order_id,),
        )
        for rank, upsell in enumerate(upsells)
    ]


def analyse(
    deals: Sequence[Deal],
    clients: Sequence[Client],
    upsells: Sequence[Upsell],
    *,
    today: date,
    idle_days: int,
) -> list[Fact]:
    """Return all facts, in the order in which they are told."""
    return [
        *find_pipeline(deals),
        *find_idle(deals, idle_days),
        *find_bottlenecks(deals),
        *find_slipping(deals, today),
        *find_segments(deals, today, idle_days),
        *find_churn(clients, today),
        *find_upsells(upsells),
    ]


def to_json(fact: Fact) -> dict[str, Any]:
    """Return the fact for storage and for a model."""
    return {
        "id": fact.fact_id,
        "kind": fact.kind,
        "numbers": {
            name: float(value) if isinstance(value, Decimal) else value
            for name, value in fact.numbers.items()
        },
        "labels": fact.labels,
        "days": {name: day.isoformat() for name, day in fact.days.items()},
        "model": fact.model,
        "res_ids": list(fact.res_ids),
    }


def from_json(data: dict[str, Any]) -> Fact:
    """Return a fact that was stored."""
    return Fact(
        data["id"],
        data["kind"],
        {
            name: Decimal(str(value)) if isinstance(value, float) else value
            for name, value in data["numbers"].items()
        },
        data["labels"],
        data["model"],
        tuple(data["res_ids"]),
        {name: date.fromisoformat(day) for name, day in data["days"].items()},
    )
