"""What the stage of an open lead tells, without looking into the future."""

from dataclasses import replace

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.metrics import auc
from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.stages import order_stages, reach_points
from odoo.addons.crm_ai_scoring.lib.table import Table
from odoo.addons.crm_ai_scoring.lib.training import train

STAGES = ["nouveau", "qualifié", "devis"]


def make_closed(count=2000, seed=0):
    """Return closed leads: half are lost on the way, later stages after more days."""
    chance = np.random.default_rng(seed)
    outcomes = (chance.random(count) < 0.3).astype(float)
    place = chance.choice(3, count, p=[0.6, 0.3, 0.1])
    stages = np.where(outcomes == 1, "gagné", np.array(STAGES)[place])
    created = 738_000.0 + np.arange(count) // 4
    days = np.where(outcomes == 1, 60, 5 + 20 * place) + chance.integers(0, 9, count)
    columns = {"source": chance.choice(["web", "salon"], count).tolist()}
    return Table.build(
        range(count),
        columns,
        created=created,
        outcomes=outcomes,
        closed=created + days,
        stages_closed=stages.tolist(),
    )


def test_the_order_of_stages_is_read_from_how_long_lost_leads_lived():
    assert order_stages(make_closed()) == STAGES


def test_numbers_at_the_start_of_names_are_an_order():
    table = make_closed()
    names = {"nouveau": "2 nouveau", "qualifié": "1 qualifié", "devis": "10 devis"}
    stages = [names.get(stage, stage) for stage in table.stages_closed]
    stages = np.array(stages, dtype=object)
    numbered = replace(table, stages_closed=stages, closed=np.full(2000, np.nan))
    assert order_stages(numbered) == ["1 qualifié", "2 nouveau", "10 devis"]
    assert reach_points(numbered)["1 qualifié"] == 0


def test_final_stages_told_as_stage_are_understood_as_such():
    table = make_closed()
    told = replace(table, stages=table.stages_closed, stages_closed=table.stages)
    assert reach_points(told) == reach_points(table)


def test_the_callers_order_counts_most():
    order = ["devis", "nouveau", "qualifié"]
    assert order_stages(make_closed(), order) == order


def test_chances_are_those_of_leads_that_came_as_far():
    table = make_closed(20_000)
    scorer = Scorer(train(table, stage_order=STAGES, with_metrics=False).model)
    won = (table.outcomes == 1).sum()
    for rank, stage in enumerate(STAGES):
        lost = table.stages_closed[table.outcomes == 0]
        as_far = np.isin(lost, STAGES[rank:]).sum()
        lead = Table.build(["a"], {"source": ["web"]}, stages=[stage])
        said = scorer.score(lead)[0]
        assert said == pytest.approx(won / (won + as_far), abs=0.03)


def test_the_stage_is_a_reason_of_its_own():
    scorer = Scorer(train(make_closed(), stage_order=STAGES).model)
    lead = Table.build(["a"], {"source": ["web"]}, stages=["devis"])
    names, matrix = scorer.contributions(lead)
    assert names[int(np.abs(matrix[0]).argmax())] == "stage"
    assert matrix[0, names.index("stage")] > 1


def test_a_stage_nobody_knows_says_nothing():
    scorer = Scorer(train(make_closed(), stage_order=STAGES).model)
    known = Table.build(["a"], {"source": ["web"]}, stages=[None])
    strange = Table.build(["a"], {"source": ["web"]}, stages=["autre"])
    assert scorer.score(strange)[0] == scorer.score(known)[0]


def test_without_any_order_stages_say_nothing():
    table = replace(make_closed(), closed=np.full(2000, np.nan))
    assert reach_points(table) == {}


def test_a_final_stage_given_as_stage_does_not_betray_the_outcome():
    table = make_closed()
    leaking = replace(table, stages=table.stages_closed)
    model = train(leaking, with_metrics=False).model
    names = [one["name"] for one in model["parts"]["after"]["features"]]
    assert "@stage" not in names


def test_a_stage_seen_before_closing_is_a_fact_like_any_other():
    table = make_closed()
    chance = np.random.default_rng(5)
    far = np.where(table.outcomes == 1, 0.8, 0.2)
    seen = np.where(chance.random(2000) < far, "devis", "nouveau").astype(object)
    learn = replace(table, stages=seen).take(slice(0, 1500))
    judge = replace(table, stages=seen).take(slice(1500, None))
    scorer = Scorer(train(learn, with_metrics=False).model)
    assert auc(judge.outcomes, scorer.score(judge)) > 0.75
    names, matrix = scorer.contributions(judge.take(slice(0, 5)))
    assert np.abs(matrix[:, names.index("stage")]).min() > 0.1
