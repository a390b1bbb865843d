"""What somebody had behind him before a moment, and never anything later."""

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.track_record import Deals, look_back, smooth_rate

NAN = np.nan
# owner, opened, closed, won
ROWS = [
    (1, 0, 10, 1),
    (1, 5, 20, 0),
    (1, 8, NAN, 0),
    (2, 0, 10, 1),
    (-1, 0, 10, 1),
]


def deals(rows=ROWS):
    return Deals(*np.array(rows, dtype=float).T)


@pytest.mark.parametrize(
    ("owner", "moment", "closed", "won", "opened"),
    [
        (1, 0, 0, 0, 0),
        (1, 9, 0, 0, 3),
        # closed exactly then: not yet known, still open
        (1, 10, 0, 0, 3),
        (1, 10.5, 1, 1, 2),
        (1, 30, 2, 1, 1),
        (2, 30, 1, 1, 0),
        (3, 30, 0, 0, 0),
        (-1, 30, 0, 0, 0),
    ],
)
def test_only_what_was_before_counts(owner, moment, closed, won, opened):
    record = look_back(deals(), np.array([owner], float), np.array([moment], float))
    assert record.closed.tolist() == [closed]
    assert record.won.tolist() == [won]
    assert record.open.tolist() == [opened]


def test_a_deal_never_sees_its_own_outcome():
    rows = deals()
    ends = np.isfinite(rows.closed)
    record = look_back(rows, rows.owner[ends], rows.closed[ends])
    # each of the two owners' first deals has nothing behind it
    assert record.won.tolist()[0] == 0
    assert record.closed.tolist()[1] == 1


def test_the_same_as_counting_by_hand():
    rng = np.random.default_rng(4)
    size = 400
    opened = rng.integers(0, 100, size).astype(float)
    closed = np.where(rng.random(size) < 0.7, opened + rng.integers(0, 50, size), NAN)
    owner = rng.integers(-1, 6, size).astype(float)
    won = (rng.random(size) < 0.4).astype(float)
    asked = rng.integers(-1, 8, 100).astype(float)
    moments = rng.integers(0, 160, 100).astype(float)
    record = look_back(Deals(owner, opened, closed, won), asked, moments)
    for place in range(100):
        mine = (owner == asked[place]) & (asked[place] >= 0)
        ended = mine & (closed < moments[place])
        begun = mine & (opened < moments[place])
        assert record.closed[place] == ended.sum()
        assert record.won[place] == won[ended].sum()
        assert record.open[place] == begun.sum() - ended.sum()


def test_nobody_has_anything_without_deals():
    empty = Deals(*(np.array([]) for _column in range(4)))
    record = look_back(empty, np.array([1.0]), np.array([5.0]))
    assert record.closed.tolist() == [0]


def test_a_rate_of_few_deals_is_the_usual_one():
    rates = smooth_rate(
        np.array([0.0, 1.0, 90.0]), np.array([0.0, 1.0, 100.0]), np.full(3, 0.2)
    )
    assert rates[0] == 0.2
    assert rates[1] < 0.3
    assert rates[2] > 0.8
