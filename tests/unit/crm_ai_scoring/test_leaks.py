"""Fields that are known only at closing."""

from dataclasses import replace

import numpy as np

from odoo.addons.crm_ai_scoring.lib.leaks import unknowable
from odoo.addons.crm_ai_scoring.lib.metrics import log_loss
from odoo.addons.crm_ai_scoring.lib.table import as_column
from odoo.addons.crm_ai_scoring.lib.training import train

from .leads import make_leads, score


def with_column(table, name, values):
    return replace(table, columns={**table.columns, name: as_column(list(values))})


def test_a_field_that_open_leads_never_have_is_left_out():
    table, waiting = make_leads(600), make_leads(200, seed=1)
    table = with_column(table, "call seconds", 100.0 + 300 * table.outcomes)
    assert unknowable(table, waiting) == {"call seconds": "never_open"}
    zeros = with_column(waiting, "call seconds", np.zeros(200))
    assert unknowable(table, zeros) == {"call seconds": "never_open"}
    trained = train(table, to_score=waiting, with_metrics=False)
    assert trained.report["dropped"] == {"call seconds": "never_open"}
    clean = score(train(make_leads(600), with_metrics=False).model, waiting)
    loss = log_loss(waiting.outcomes, score(trained.model, waiting))
    assert loss == log_loss(waiting.outcomes, clean)


def test_a_field_that_open_leads_have_too_stays():
    table, waiting = make_leads(600), make_leads(200, seed=1)
    table = with_column(table, "score", table.outcomes + 0.5)
    waiting = with_column(waiting, "score", waiting.outcomes + 0.5)
    assert unknowable(table, waiting) == {}


def test_a_field_filled_with_one_outcome_only_is_left_out():
    table = make_leads(600)
    reasons = ["prix" if outcome == 0 else None for outcome in table.outcomes]
    table = with_column(table, "lost reason", reasons)
    assert unknowable(table, None) == {"lost reason": "tells_outcome"}


def test_few_open_leads_prove_nothing():
    table = make_leads(600)
    assert unknowable(table, make_leads(10).without(("seats",))) == {}
