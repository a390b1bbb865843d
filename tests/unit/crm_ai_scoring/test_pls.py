"""Odoo's formula, recomputed by hand."""

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.pls import PredictiveLeadScoring
from odoo.addons.crm_ai_scoring.lib.table import Table


def test_one_field_by_hand():
    # web: 2 won, 1 lost; fair: 0 won, 3 lost. 0.1 is added to every count.
    table = Table.build(
        range(6),
        {"source": ["web", "web", "web", "fair", "fair", "fair"], "seats": [1.0] * 6},
        outcomes=[1, 1, 0, 0, 0, 0],
    )
    pls = PredictiveLeadScoring(table)
    assert pls.fields == ["source"]
    won = 2 / 6 * (2.1 / 2.2)
    lost = 4 / 6 * (1.1 / 4.2)
    assert pls.score(table)[0] == pytest.approx(won / (won + lost))


def test_empty_and_unseen_values_are_left_out():
    table = Table.build(
        range(4), {"source": ["web", "fair", "web", None]}, outcomes=[1, 0, 0, 1]
    )
    pls = PredictiveLeadScoring(table)
    asked = Table.build(range(2), {"source": [None, "mars"]})
    assert pls.score(asked) == pytest.approx([0.5, 0.5])


def test_without_both_outcomes_there_is_no_answer_but_a_limit():
    table = Table.build(range(3), {"source": ["a", "b", "c"]}, outcomes=[0, 0, 0])
    assert PredictiveLeadScoring(table).score(table) == pytest.approx(np.full(3, 1e-4))
