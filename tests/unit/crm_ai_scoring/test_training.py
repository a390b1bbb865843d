"""What the trainer promises on leads whose truth is known."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.candidates import is_clearly_better
from odoo.addons.crm_ai_scoring.lib.metrics import auc, ece, log_loss
from odoo.addons.crm_ai_scoring.lib.mixing import Mix
from odoo.addons.crm_ai_scoring.lib.pls import PredictiveLeadScoring
from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.standing import Policy, weigh
from odoo.addons.crm_ai_scoring.lib.table import Table
from odoo.addons.crm_ai_scoring.lib.training import train

from .leads import FIRST_DAY, make_leads, score


def split(table, count):
    return table.take(slice(0, count)), table.take(slice(count, None))


def base_loss(learn, judge):
    return log_loss(judge.outcomes, np.full(len(judge), learn.outcomes.mean()))


def test_a_model_ranks_better_than_odoo_and_is_honest():
    learn, judge = split(make_leads(5000), 2000)
    model = train(learn, with_metrics=False).model
    said = score(json.loads(json.dumps(model)), judge)
    pls = PredictiveLeadScoring(learn).score(judge)
    assert auc(judge.outcomes, said) > auc(judge.outcomes, pls) + 0.02
    assert log_loss(judge.outcomes, said) < base_loss(learn, judge)
    assert ece(judge.outcomes, said) < 0.03


def test_two_hundred_leads_are_better_than_rules():
    learn, judge = split(make_leads(3200, seed=4), 200)
    given = np.stack(
        [
            10.0 * (judge.columns["source"] == "parrain"),
            5.0 * (judge.columns["seats"] >= 20),
            -5.0 * np.equal(judge.columns["phone"], None),
        ],
        axis=1,
    )
    assert (given != 0).any(axis=0).all(), "each criterion is met by some"
    usual = 100 * float(learn.outcomes.mean())
    by_rules = weigh(
        Policy(usual, 0.0, 10.0, 60, 30),
        np.zeros(len(judge)),
        np.zeros((len(judge), 0)),
        given,
        np.zeros(3),
    )
    rules = by_rules.score / 100
    said = score(train(learn, with_metrics=False).model, judge)
    assert log_loss(judge.outcomes, said) < log_loss(judge.outcomes, rules)
    assert auc(judge.outcomes, said) > auc(judge.outcomes, rules)


def test_trees_that_add_nothing_do_not_join():
    linear = Mix(np.array([1.0]), np.zeros(1), np.array([0.2, 0.6, 0.4]))
    assert not is_clearly_better(replace(linear, weights=np.ones(2)), linear, 3)
    worse = Mix(np.array([0.5, 0.5]), np.zeros(1), np.array([0.3, 0.6, 0.4]))
    assert not is_clearly_better(worse, linear, 3)


def test_trees_say_what_points_cannot():
    learn, judge = split(make_leads(4000, crossed=True), 2500)
    trained = train(learn, with_metrics=False)
    assert trained.model["kind"] in ("blend", "trees")
    linear = trained.report["after"]["losses"]["linear"]
    assert log_loss(judge.outcomes, score(trained.model, judge)) < linear


def test_the_same_leads_and_seed_make_the_same_model():
    table = make_leads(400, dated=True)
    assert train(table, seed=5).model == train(table, seed=5).model


def test_leads_of_noise_get_nearly_the_base_rate():
    chance = np.random.default_rng(1)
    outcomes = (chance.random(4000) < 0.1).astype(float)
    columns = {"a": chance.normal(size=4000), "b": chance.choice(list("xyz"), 4000)}
    table = Table.build(range(4000), columns, outcomes=outcomes)
    learn, judge = split(table, 1000)
    said = score(train(learn, with_metrics=False).model, judge)
    assert log_loss(judge.outcomes, said) < base_loss(learn, judge) + 0.002


def test_a_win_rate_that_rises_is_followed():
    table = make_leads(3000, dated=True)
    chance = np.random.default_rng(2)
    rising = chance.random(3000) < np.linspace(0.02, 0.7, 3000)
    table = replace(table, outcomes=rising.astype(float))
    learn, judge = split(table, 2400)
    said = score(train(learn, with_metrics=False).model, judge)
    assert abs(said.mean() - judge.outcomes.mean()) < 0.15
    assert log_loss(judge.outcomes, said) < base_loss(learn, judge) - 0.1


def test_leads_of_a_known_period_may_learn_its_win_rate():
    table = make_leads(3000, dated=True)
    chance = np.random.default_rng(2)
    peak = (np.arange(3000) // 600) % 2 == 1
    outcomes = (chance.random(3000) < np.where(peak, 0.6, 0.05)).astype(float)
    table = replace(table, outcomes=outcomes)
    rows = chance.permutation(3000)
    learn, judge = table.take(rows[:2000]), table.take(rows[2000:])
    with_period = score(train(learn, with_period=True, with_metrics=False).model, judge)
    without = score(train(learn, with_metrics=False).model, judge)
    assert auc(judge.outcomes, with_period) > 0.75 > auc(judge.outcomes, without)
    later = replace(judge, created=judge.created + 5000)
    assert Scorer(train(learn, with_metrics=False).model).score(later) == pytest.approx(
        score(train(learn, with_period=True, with_metrics=False).model, later)
    )


def test_outcomes_that_were_not_known_on_the_day_are_not_used():
    table = make_leads(300)
    closed = np.where(np.arange(300) < 200, FIRST_DAY, FIRST_DAY + 30)
    table = replace(table, closed=closed.astype(float))
    as_of = date.fromordinal(FIRST_DAY + 10)
    assert train(table, as_of=as_of).report["count"] == 200


def test_the_newest_fifth_is_judged_beside_base_rate_and_odoo():
    metrics = train(make_leads(1000, dated=True)).metrics
    assert metrics["count"] == 200
    for name in ("model", "base", "pls"):
        assert set(metrics[name]) == {"auc", "log_loss", "brier", "ece", "top_tenth"}
    assert metrics["model"]["log_loss"] < metrics["base"]["log_loss"]


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_one_kind_of_outcome_gives_a_careful_constant(outcome):
    table = replace(make_leads(60), outcomes=np.full(60, outcome))
    said = score(train(table).model, make_leads(10, seed=9))
    assert len(set(said.tolist())) == 1
    assert abs(said[0] - outcome) < 0.05


def test_no_closed_lead_at_all_gives_what_is_known_beforehand():
    empty = make_leads(20).take(slice(0, 0))
    assert score(train(empty).model, make_leads(3)).tolist() == [0.5] * 3


def test_odd_columns_do_no_harm():
    table = make_leads(500)
    count = len(table)
    odd = {
        "empty": [None] * count,
        "constant": ["x"] * count,
        "id": [f"L{rank:05d}" for rank in range(count)],
        "numbers as text": [str(rank % 7) for rank in range(count)],
        "mixed": [(None, True, 3, "trois")[rank % 4] for rank in range(count)],
        "late": [None] * (count - 10) + [1.0] * 10,
        "": ["x", None] * (count // 2),
    }
    plain, judge = split(table, 400)
    odd_table = Table.build(
        range(count), {**table.columns, **odd}, outcomes=table.outcomes
    )
    odd_learn, odd_judge = split(odd_table, 400)
    loss = log_loss(judge.outcomes, score(train(plain).model, judge))
    odd_loss = log_loss(judge.outcomes, score(train(odd_learn).model, odd_judge))
    assert odd_loss < loss + 0.03


def test_leads_with_unknown_values_and_keys_are_scored():
    scorer = Scorer(train(make_leads(400), with_metrics=False).model)
    strange = Table.build(
        ["a", "b"],
        {"source": ["mars", 7], "seats": ["many", None], "unheard of": [1, 2]},
    )
    said = scorer.score(strange)
    assert ((said > 0) & (said < 1)).all()
    assert len(scorer.score(strange.take(slice(0, 0)))) == 0


def test_a_lead_scores_the_same_alone_and_among_others():
    model = train(make_leads(1200, crossed=True, dated=True), with_period=True).model
    scorer, judge = Scorer(model), make_leads(50, seed=8, dated=True, crossed=True)
    alone = [scorer.score(judge.take(np.array([row])))[0] for row in range(50)]
    assert scorer.score(judge) == pytest.approx(alone)


def test_a_model_of_another_version_is_refused():
    with pytest.raises(ValueError, match="unknown model version"):
        Scorer({"version": 0})
