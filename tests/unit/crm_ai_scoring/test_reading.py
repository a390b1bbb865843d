"""Rows of numbers out of the database, and groups of values as texts."""

import struct

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.binary_copy import SIGNATURE, read_floats
from odoo.addons.crm_ai_scoring.lib.features import Feature
from odoo.addons.crm_ai_scoring.lib.frame import Frame, as_keys, read_key
from odoo.addons.crm_ai_scoring.lib.going_live import is_not_worse, skill
from odoo.addons.crm_ai_scoring.lib.tokens import (
    Interval,
    label_codes,
    read_interval,
    read_value,
    round_counts,
)

NAN = float("nan")


def copied(rows, length=8):
    body = b"".join(
        struct.pack(">h", len(row))
        + b"".join(struct.pack(">id", length, value) for value in row)
        for row in rows
    )
    return SIGNATURE + bytes(8) + body + b"\xff\xff"


def test_rows_come_back_as_they_were():
    rows = [(1.0, 2.5, -3.0), (4.0, NAN, 1e12)]
    found = read_floats(copied(rows), 3)
    np.testing.assert_array_equal(found, np.array(rows))


def test_no_rows():
    assert read_floats(copied([]), 4).shape == (0, 4)


@pytest.mark.parametrize(
    "data", [b"", b"no copy\xff\xff", copied([(1.0, 2.0)]), copied([(1.0,) * 3], 4)]
)
def test_other_bytes_are_refused(data):
    with pytest.raises(ValueError):
        read_floats(data, 3)


def test_rows_find_their_deals():
    frame = Frame(np.array([3, 5, 9]), np.zeros(3))
    frame.place(("mails", "_last"), np.array([[9.0, 2.0, 7.0]]), 0.0)
    assert frame.columns["mails"].tolist() == [0, 0, 2]
    assert np.isnan(frame.columns["_last"][:2]).all()
    part = frame.take(frame.ids > 4)
    assert part.ids.tolist() == [5, 9]
    assert part.columns["mails"].tolist() == [0, 2]


def test_ids_become_keys():
    assert read_key("#12") == 12
    assert read_key("12") is None
    assert as_keys(np.array([12.0, NAN, 3.0])).tolist() == ["#12", None, "#3"]


def test_each_group_has_its_text():
    feature = Feature("calls", (0.5, 2.5), ("beaucoup",))
    tokens = label_codes(feature)
    assert tokens == ["..0.5", "0.5..2.5", "2.5..", "=beaucoup", "*", ""]
    for value in (0, 1, 2, 3, "beaucoup", "autre", None):
        assert tokens[feature.code_of(value)] is not None
    assert tokens[feature.code_of(2)] == "0.5..2.5"
    assert tokens[feature.code_of(None)] == ""


@pytest.mark.parametrize(
    ("token", "interval"),
    [
        ("0.5..2.5", Interval(0.5, 2.5)),
        ("-3..", Interval(-3.0, None)),
        ("..4", Interval(None, 4.0)),
        ("=1..2", None),
        ("", None),
    ],
)
def test_intervals_are_read_back(token, interval):
    assert read_interval(token) == interval


def test_values_are_read_back():
    assert read_value("=12") == "12"
    assert read_value("=") == ""
    assert read_value("1..2") is None


@pytest.mark.parametrize(
    ("low", "high", "counts"),
    [
        (None, 0.5, (None, 0)),
        (0.5, 1.5, (1, 1)),
        (1.5, 4.5, (2, 4)),
        (4.5, None, (5, None)),
        (1.0, 3.0, (1, 2)),
    ],
)
def test_whole_numbers_of_an_interval(low, high, counts):
    assert round_counts(Interval(low, high)) == counts


def figures(log_loss, auc, base=0.69):
    return {"model": {"log_loss": log_loss, "auc": auc}, "base": {"log_loss": base}}


@pytest.mark.parametrize(
    ("candidate", "live", "verdict"),
    [
        (figures(0.50, 0.80), figures(0.50, 0.80), True),
        (figures(0.51, 0.79), figures(0.50, 0.80), True),
        (figures(0.60, 0.80), figures(0.50, 0.80), False),
        (figures(0.50, 0.70), figures(0.50, 0.80), False),
        # harder deals: as much better than their own average
        (figures(0.30, 0.80, base=0.41), figures(0.50, 0.80), True),
        (figures(0.50, 0.80), {}, True),
        ({}, figures(0.50, 0.80), False),
    ],
)
def test_only_what_is_not_worse_goes_live(candidate, live, verdict):
    assert is_not_worse(candidate, live) is verdict


def test_skill_of_the_average_is_nothing():
    assert skill(figures(0.69, 0.5)) == 0
    assert skill({}) is None
