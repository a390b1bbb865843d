"""The closed deals of the demo company: eight quarters that never get old.

Everything is computed from the tables, a seed and ``today``; the same input always
gives the same deals.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from . import tables
from .dice import Dice
from .workdays import instant, last_told_quarter, previous_workday, workdays

SEED = 99
STEPS = ("nouveau", "qualifie", "proposition", "negociation")
WON = "gagne"
# How big a deal is compared with the usual one of its kind, and where a lost deal
# stopped: most are lost on the proposal.
SIZES = (0.5, 0.5, 1.0, 1.0, 1.0, 1.5, 2.0, 3.0)
LAST_STEPS = ("nouveau", "qualifie", "qualifie") + 4 * ("proposition",) + STEPS[3:]


@dataclass(frozen=True)
class ClosedDeal:
    """One deal that was won or lost. Instants are naive UTC."""

    key: str
    name: str
    client: str
    owner: str
    is_won: bool
    amount_eur: int
    mix: Mapping[str, float]
    tag: str
    source: str
    lost_reason: str
    opened_at: datetime
    assigned_at: datetime
    stages: tuple[tuple[str, datetime], ...]
    closed_at: datetime

    @property
    def last_stage(self) -> str:
        return self.stages[-1][0]


@dataclass(frozen=True)
class Tables:
    """The tables the history is made from, as read from the CSV files."""

    quarters: Sequence[Mapping[str, str]]
    pinned: Sequence[Mapping[str, str]]
    clients: Sequence[Mapping[str, str]]
    subjects: Sequence[Mapping[str, str]]
    products: Sequence[Mapping[str, str]]
    lost_reasons: Sequence[Mapping[str, str]]
    sources: Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class _Slot:
    """One deal to tell: who closed it, how, and what is already decided."""

    quarters_ago: int
    owner: str
    is_won: bool
    pinned: Mapping[str, str] | None = None


def make_closed_deals(sources: Tables, today: date, seed: int = SEED):
    """Return the closed deals, oldest first.

    :param sources: the tables
    :param today: day of the installation; no deal is closed on it or later
    :return: list of :class:`ClosedDeal`
    """
    dice = Dice(seed)
    newest = last_told_quarter(today)
    slots = _slots(sources.quarters, sources.pinned)
    subjects = _subject_pool(sources, dice, _pinned_pairs(sources.pinned))
    deals = []
    for rank, slot in enumerate(slots, start=1):
        quarter = newest.shift(-slot.quarters_ago)
        days = workdays(quarter.start, min(quarter.end, today))
        # One draw whatever the number of days: the deals of a seed stay the same.
        closed_on = dice.pick(days)
        subject = slot.pinned or next(subjects)
        deals.append(_make_deal(rank, slot, subject, closed_on, sources, dice))
    return sorted(deals, key=lambda deal: (deal.closed_at, deal.key))


def _slots(quarters: Iterable, pinned: Iterable) -> list[_Slot]:
    """Return one slot per deal; pinned deals take the place of plain ones."""
    slots = [
        _Slot(int(row["quarters_ago"]), row["owner"], bool(int(row["is_won"])), row)
        for row in pinned
    ]
    taken = Counter((slot.quarters_ago, slot.owner, slot.is_won) for slot in slots)
    for row in quarters:
        for is_won, column in ((True, "won"), (False, "lost")):
            head = (int(row["quarters_ago"]), row["owner"], is_won)
            slots += [_Slot(*head)] * (int(row[column]) - taken[head])
    return slots


def _pinned_pairs(pinned: Iterable[Mapping[str, str]]) -> set[tuple[str, str]]:
    return {(row["client"], row["name"].split(" - ")[1]) for row in pinned}


def _subject_pool(sources: Tables, dice: Dice, told: set):
    """Yield (client, subject) rows, each pair at most once."""
    firms = [row for row in sources.clients if row["company"] == "lumen"]
    pool = [
        {**subject, "client": firm["key"], "firm": firm["name"]}
        for firm in firms
        for subject in sources.subjects
        if (firm["key"], subject["subject"]) not in told
    ]
    yield from dice.shuffled(pool)


def _make_deal(rank, slot, subject, closed_on, sources, dice) -> ClosedDeal:
    prices = {row["key"]: int(row["price_eur"]) for row in sources.products}
    mix = tables.parse_mix(subject["mix"])
    if not slot.pinned:
        size = dice.pick(SIZES)
        mix = {product: days * size for product, days in mix.items()}
    last_step = STEPS[-1] if slot.is_won else dice.pick(LAST_STEPS)
    stages = _walk(closed_on, last_step, slot.is_won, dice)
    opened_at = stages[0][1]
    pinned = slot.pinned or {}
    return ClosedDeal(
        key=pinned.get("key") or f"deal_{rank:03d}",
        name=pinned.get("name") or f"{subject['firm']} - {subject['subject']}",
        client=subject["client"],
        owner=slot.owner,
        is_won=slot.is_won,
        amount_eur=tables.mix_amount(mix, prices),
        mix=mix,
        tag=subject["tag"],
        source=_weighted(sources.sources, dice),
        lost_reason="" if slot.is_won else _weighted(sources.lost_reasons, dice),
        opened_at=opened_at,
        assigned_at=opened_at + timedelta(hours=dice.between(1, 30)),
        stages=stages,
        closed_at=(
            stages[-1][1] if slot.is_won else instant(closed_on, dice.between(16, 18))
        ),
    )


def _walk(closed_on: date, last_step: str, is_won: bool, dice: Dice):
    """Return (stage, instant entered) pairs that end on the closing day."""
    steps = STEPS[: STEPS.index(last_step) + 1] + ((WON,) if is_won else ())
    day = closed_on
    path = []
    for step in reversed(steps):
        if step != WON:
            day = previous_workday(day - timedelta(days=dice.between(3, 22)))
        path.append((step, instant(day, dice.between(9, 15), dice.between(0, 59))))
    return tuple(reversed(path))


def _weighted(rows: Sequence[Mapping[str, str]], dice: Dice) -> str:
    weights = [int(row["weight"]) for row in rows]
    return dice.weighted([row["key"] for row in rows], weights)
