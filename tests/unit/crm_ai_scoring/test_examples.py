"""Leads as examples and as a table of columns."""

from datetime import date

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.examples import (
    Coded,
    Example,
    Table,
    as_column,
    examples_from_table,
    table_from_examples,
)


def test_examples_survive_the_way_through_a_table():
    examples = [
        Example("a", date(2026, 1, 5), "new", {"city": "Lyon", "seats": 3.0}),
        Example("b", None, None, {"city": None, "seats": None, "vip": True}, 1,
                date(2026, 2, 1), "won"),
    ]  # fmt: skip
    back = examples_from_table(table_from_examples(examples))
    assert back[0].created == date(2026, 1, 5) and back[0].outcome is None
    assert back[0].features == {"city": "Lyon", "seats": 3.0, "vip": None}
    assert back[1].features == {"city": None, "seats": None, "vip": True}
    assert (back[1].outcome, back[1].closed) == (1, date(2026, 2, 1))
    assert back[1].stage_closed == "won"


def test_numbers_are_arrays_of_numbers_and_booleans_are_not_numbers():
    assert as_column([1, 2.5, None]).dtype == np.float64
    assert as_column([True, False, 1]).dtype == object
    assert np.isnan(as_column([1.0, float("inf")])[1])


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="'city' has 1 rows"):
        Table.build(["a", "b"], {"city": ["Lyon"]})


def test_a_coded_column_keeps_true_apart_from_one():
    values = [True, 1, "1", None, True]
    coded = Coded.of(as_column(values))
    assert [type(value) for value in coded.tolist()] == [type(v) for v in values]
    assert coded[np.array([1, 3])].tolist() == [1, None]


def test_a_feature_that_a_table_does_not_know_is_missing_everywhere():
    assert np.isnan(Table.build(["a"], {}).column("city")).all()
