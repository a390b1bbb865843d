"""Which next step suits a deal: rules as a table, ranked by what each is worth."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from .french import format_amount, format_count, format_day

QuoteState = Literal["none", "draft", "sent", "expired", "accepted"]
ActivityState = Literal["none", "planned", "overdue"]
Direction = Literal["none", "in", "out"]
ScoreMove = Literal["rose", "fell", "still"]
# A due date is never further away: what is later is no next step.
MAX_DUE_DAYS = 5
# Outcomes on each side below which history is no guide.
MIN_OUTCOMES = 20
# The weight of the prior, in outcomes.
PRIOR_WEIGHT = 40


@dataclass(frozen=True)
class DealState:
    """What the rules look at.

    :param silence_days: since the last exchange in either sense, or the creation
    :param visit_days: since the last visit or call, None without any
    :param promise_days: since the day something was promised for, None without any
    :param score_change: points of probability since the last look
    """

    today: date
    deal: str
    stage_id: int
    amount: Decimal
    currency: str
    probability: float
    silence_days: int
    stage_days: int
    last_direction: Direction
    quote_state: QuoteState
    quote_name: str = ""
    quote_days: int = 0
    quote_reads: int = 0
    activity_state: ActivityState = "none"
    visit_days: int | None = None
    visit_result: str = ""
    promise_days: int | None = None
    promise: str = ""
    score_change: float = 0
    deadline_days: int | None = None
    is_unhappy: bool = False

    @property
    def score_move(self) -> ScoreMove:
        if self.score_change >= 10:
            return "rose"
        return "fell" if self.score_change <= -10 else "still"


@dataclass(frozen=True)
class Rule:
    """A row of the table: conditions that are empty always hold.

    :param gain_points: probability won by acting, before history says better
    :param due_days: from today
    """

    rule_id: int
    sequence: int
    kind: str
    reason: str
    gain_points: float
    due_days: int
    stage_ids: frozenset[int] = frozenset()
    min_silence_days: int = 0
    max_silence_days: int = 0
    min_stage_days: int = 0
    min_quote_days: int = 0
    max_visit_days: int = 0
    quote_state: str = ""
    last_direction: str = ""
    activity_state: str = ""
    score_move: str = ""
    visit_result: str = ""
    has_promise: bool = False
    is_late: bool = False
    is_read: bool = False
    is_unhappy: bool = False
    min_amount: Decimal = Decimal(0)


@dataclass(frozen=True)
class Candidate:
    """A proposal.

    :param value: of acting, in the deal's currency: gain times amount
    """

    rule_id: int
    kind: str
    reason: str
    due_on: date
    gain_points: float
    value: Decimal


def holds(rule: Rule, deal: DealState) -> bool:
    """Tell whether a rule's conditions hold for a deal."""
    choices = (
        (rule.quote_state, deal.quote_state),
        (rule.last_direction, deal.last_direction),
        (rule.activity_state, deal.activity_state),
        (rule.score_move, deal.score_move),
        (rule.visit_result, deal.visit_result),
    )
    return (
        (not rule.stage_ids or deal.stage_id in rule.stage_ids)
        and all(not wanted or wanted == found for wanted, found in choices)
        and deal.silence_days >= rule.min_silence_days
        and (not rule.max_silence_days or deal.silence_days <= rule.max_silence_days)
        and deal.stage_days >= rule.min_stage_days
        and deal.quote_days >= rule.min_quote_days
        and deal.amount >= rule.min_amount
        and (not rule.max_visit_days or _visited(deal, rule.max_visit_days))
        and (not rule.has_promise or _is_promise_due(deal))
        and (not rule.is_late or (deal.deadline_days or 0) < 0)
        and (not rule.is_read or deal.quote_reads > 0)
        and (not rule.is_unhappy or deal.is_unhappy)
    )


def _is_promise_due(deal: DealState) -> bool:
    return deal.promise_days is not None and deal.promise_days >= 0


def _visited(deal: DealState, days: int) -> bool:
    return deal.visit_days is not None and deal.visit_days <= days


def _since(days: int) -> str:
    """Return what follows "depuis"."""
    return format_count(days, "jour", "jours") if days else "aujourd’hui"


def get_reason_values(deal: DealState) -> dict[str, str]:
    """Return what a reason may say; the keys are the documented placeholders."""
    late = -(deal.deadline_days or 0)
    return {
        "silence": _since(deal.silence_days),
        "stage_days": _since(deal.stage_days),
        "quote": deal.quote_name or "en cours",
        "quote_days": format_count(deal.quote_days, "jour", "jours"),
        "quote_reads": format_count(deal.quote_reads, "fois", "fois"),
        "amount": format_amount(deal.amount, deal.currency),
        "deal": deal.deal,
        "promise": deal.promise,
        "late": format_count(max(late, 0), "jour", "jours"),
        "score_change": f"{deal.score_change:+.0f}",
        "today": format_day(deal.today, deal.today),
    }


def write_reason(text: str, deal: DealState) -> str:
    """Return the reason with its values; an unknown placeholder says nothing."""
    values = get_reason_values(deal)
    return re.sub(r"{(\w+)}", lambda match: values.get(match[1], ""), text)


def propose(
    deal: DealState,
    rules: Sequence[Rule],
    *,
    typical_amount: Decimal,
    closed_rules: frozenset[int] = frozenset(),
    limit: int = 3,
) -> list[Candidate]:
    """Return the best steps, one per kind, the most valuable first.

    :param typical_amount: stands for the amount of a deal that has none
    :param closed_rules: already answered by a person lately
    """
    amount = deal.amount or typical_amount
    best: dict[str, Candidate] = {}
    for rule in sorted(rules, key=lambda rule: (-rule.gain_points, rule.sequence)):
        if rule.rule_id in closed_rules or rule.kind in best or not holds(rule, deal):
            continue
        gain = min(rule.gain_points, max(0.0, 100 - deal.probability))
        due = deal.today + timedelta(days=max(0, min(rule.due_days, MAX_DUE_DAYS)))
        value = (amount * Decimal(str(gain)) / 100).quantize(Decimal("0.01"))
        reason = write_reason(rule.reason, deal)
        best[rule.kind] = Candidate(rule.rule_id, rule.kind, reason, due, gain, value)
    ranked = sorted(best.values(), key=lambda c: (-c.value, c.due_on, c.rule_id))
    return ranked[:limit]


def learn_gain(
    prior: float, acted: tuple[int, int], left: tuple[int, int]
) -> tuple[float, bool]:
    """Return the gain in points, and whether history had a say.

    :param acted: (won, closed) among deals where the step was taken
    :param left: the same where it was proposed and not taken

    >>> learn_gain(5, (30, 40), (20, 40))
    (15.0, True)
    >>> learn_gain(5, (3, 4), (2, 4))
    (5, False)
    """
    acted_won, acted_closed = acted
    left_won, left_closed = left
    if min(acted_closed, left_closed) < MIN_OUTCOMES:
        return prior, False
    seen = 100 * (acted_won / acted_closed - left_won / left_closed)
    weight = min(acted_closed, left_closed)
    gain = (seen * weight + prior * PRIOR_WEIGHT) / (weight + PRIOR_WEIGHT)
    return round(max(gain, 0.0), 1), True


PLACEHOLDERS = frozenset(
    get_reason_values(
        DealState(date(2000, 1, 1), "", 0, Decimal(0), "EUR", 0, 0, 0, "none", "none")
    )
)
