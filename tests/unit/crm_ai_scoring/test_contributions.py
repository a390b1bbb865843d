"""Reasons: exact, strongest first, and what would raise a score."""

from dataclasses import replace

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.advice import what_would_raise
from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.standing import Policy, strongest, weigh
from odoo.addons.crm_ai_scoring.lib.table import Table
from odoo.addons.crm_ai_scoring.lib.training import train

from .leads import make_leads

KINDS = {
    "linear": {"crossed": False, "dated": False},
    "trees": {"crossed": True, "dated": False},
    "period": {"crossed": True, "dated": True},
}


@pytest.mark.parametrize("kind", KINDS)
def test_reasons_and_baseline_sum_to_the_log_odds(kind):
    table = make_leads(1500, **KINDS[kind])
    trained = train(table, with_period=kind == "period", with_metrics=False)
    scorer = Scorer(trained.model)
    judge = make_leads(40, seed=3, **KINDS[kind])
    _names, matrix = scorer.contributions(judge)
    assert matrix.sum(1) + scorer.baseline == pytest.approx(
        scorer.logits(judge), abs=1e-6
    )


def test_a_feature_with_the_name_of_a_fact_does_not_break_the_sum():
    table = make_leads(300)
    seen = np.where(np.arange(300) % 2, "a", "b").astype(object)
    columns = {"stage": table.columns["source"], "seats": table.columns["seats"]}
    table = replace(table, columns=columns, stages=seen)
    scorer = Scorer(train(table, with_metrics=False).model)
    names, matrix = scorer.contributions(table)
    assert names.count("stage") == 1
    assert matrix.sum(1) + scorer.baseline == pytest.approx(scorer.logits(table))


def test_the_strongest_reasons_come_first_on_both_sides():
    scorer = Scorer(train(make_leads(1500), with_metrics=False).model)
    lead = Table.build(["a"], {"source": ["parrain"], "seats": [1.0], "phone": [None]})
    names, matrix = scorer.contributions(lead)
    policy = Policy(30.0, 1.0, 10.0, 60, 30)
    no_rules = np.zeros((1, 0)), np.zeros(0)
    points = weigh(policy, scorer.logits(lead), matrix, *no_rules).points
    best, worst = ([names[place] for place in side[0]] for side in strongest(points, 2))
    assert best[0] == "source"
    assert set(worst) == {"seats", "phone"}
    against = [points[0, names.index(name)] for name in worst]
    assert against == sorted(against)


def test_what_would_raise_a_score_is_true():
    scorer = Scorer(train(make_leads(1500), with_metrics=False).model)
    lead = Table.build(["a"], {"source": ["appel"], "seats": [9.0], "phone": [None]})
    allowed = {"phone": ["06"], "source": ["web", "salon"], "seats": [1.0]}
    changes = what_would_raise(scorer, lead, allowed)
    assert [change.feature for change in changes] == ["source", "phone"]
    assert changes[0].value == "salon"
    changed = Table.build(["a"], {"source": ["salon"], "seats": [9.0], "phone": [None]})
    assert changes[0].probability == pytest.approx(scorer.score(changed)[0])
    assert changes[0].gain == pytest.approx(
        changes[0].probability - scorer.score(lead)[0]
    )
    assert lead.columns["source"].tolist() == ["appel"]


def test_a_constant_model_has_no_reasons():
    empty = make_leads(10).take(np.zeros(10, dtype=bool))
    scorer = Scorer(train(empty).model)
    names, matrix = scorer.contributions(make_leads(2))
    assert (names, matrix.shape) == ([], (2, 0))
