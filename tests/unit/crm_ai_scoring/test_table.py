"""Leads as a table of columns."""

from datetime import date

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.table import (
    Coded,
    Table,
    as_column,
)


def test_days_stages_and_outcomes_may_be_missing():
    table = Table.build(
        ["a", "b"],
        {"city": ["Lyon", None], "seats": [3.0, None]},
        created=[date(2026, 1, 5), None],
        stages=["new", ""],
        outcomes=[None, 1],
        closed=[None, date(2026, 2, 1)],
        stages_closed=[None, "won"],
    )
    assert table.created[0] == date(2026, 1, 5).toordinal()
    assert table.closed[1] == date(2026, 2, 1).toordinal()
    assert np.isnan([table.created[1], table.closed[0], table.outcomes[0]]).all()
    assert table.outcomes[1] == 1
    assert table.stages.tolist() == ["new", None]
    assert table.stages_closed.tolist() == [None, "won"]
    assert table.columns["city"].tolist() == ["Lyon", None]
    assert np.isnan(table.columns["seats"][1])


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
