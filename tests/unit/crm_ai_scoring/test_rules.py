"""Scores before there is a model, and the way from rules to the model."""

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.blend import adjust, adjustment, blend, model_share
from odoo.addons.crm_ai_scoring.lib.examples import Table
from odoo.addons.crm_ai_scoring.lib.rule_weights import (
    MOST_MOVE,
    Criterion,
    RuleWeights,
)
from odoo.addons.crm_ai_scoring.lib.scoring import logit
from odoo.addons.crm_ai_scoring.lib.selection import compare, is_not_worse

LEADS = Table.build(
    range(3),
    {
        "source": ["Salon ", "web", None],
        "seats": [25.0, None, 3.0],
        "title": ["Directeur général", "Stagiaire", None],
        "opted_in": [True, False, None],
    },
)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (("source", "is", "salon", 1), [1, 0, 0]),
        (("source", "is_not", "salon", 1), [0, 1, 0]),
        (("source", "set", None, 1), [1, 1, 0]),
        (("opted_in", "set", None, 1), [1, 0, 0]),
        (("opted_in", "not_set", None, 1), [0, 1, 1]),
        (("title", "contains", "directeur", 1), [1, 0, 0]),
        (("title", "contains", "", 1), [0, 0, 0]),
        (("seats", "at_least", "20", 1), [1, 0, 0]),
        (("seats", "at_most", 20, 1), [0, 0, 1]),
        (("unknown", "not_set", None, 1), [1, 1, 1]),
    ],
)
def test_conditions(criterion, expected):
    shares = RuleWeights((Criterion(*criterion),)).shares(LEADS)
    assert (shares[:, 0] > 0).astype(int).tolist() == expected


def test_ten_points_double_the_odds():
    rules = RuleWeights((Criterion("source", "is", "salon", 10),), base_rate=0.2)
    assert rules.score(LEADS) == pytest.approx([1 / 3, 0.2, 0.2])


def test_reasons_of_rules_sum_to_their_log_odds_within_the_limit():
    rules = RuleWeights(
        (Criterion("source", "is", "salon", 60), Criterion("seats", "at_least", 5, 30))
    )
    reasons = rules.explain(LEADS)[0]
    assert [reason.feature for reason in reasons] == ["source", "seats"]
    total = sum(reason.contribution for reason in reasons)
    assert total == pytest.approx(MOST_MOVE)
    assert logit(0.2) + total == pytest.approx(rules.logits(LEADS)[0])
    assert RuleWeights().score(LEADS) == pytest.approx([0.2] * 3)


def test_the_model_takes_over_as_outcomes_come():
    shares = [model_share(won, 1000) for won in (0, 5, 6, 20, 60, 99, 100, 5000)]
    assert shares[:2] == [0, 0] and shares[-2:] == [1, 1]
    assert shares == sorted(shares)
    assert model_share(1000, 3) == 0
    assert blend(np.array([-2.0]), np.array([2.0]), 0.25) == pytest.approx([-1.0])


def test_an_adjustment_is_bounded():
    assert adjustment(np.array([-9.0, 0.4, 9.0])) == pytest.approx([-1.5, 0.4, 1.5])
    assert adjust(np.array([0.0]), np.array([9.0])) == pytest.approx([0.8176], abs=1e-3)


def test_a_worse_version_does_not_go_live():
    chance = np.random.default_rng(0)
    truth = chance.random(1000)
    outcomes = (chance.random(1000) < truth).astype(float)
    blurred = np.full(1000, 0.5)
    assert compare(outcomes, truth, blurred).code == "better"
    worse = compare(outcomes, blurred, truth)
    assert (worse.goes_live, worse.code) == (False, "worse")
    assert worse.gain < 0
    assert compare(outcomes, truth, truth).code == "equal"
    assert is_not_worse(outcomes, truth, None)
    assert compare(outcomes[:10], blurred[:10], truth[:10]).code == "few"
