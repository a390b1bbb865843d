"""The figures that models are chosen and shown by."""

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from odoo.addons.crm_ai_scoring.lib import metrics


def test_figures_agree_with_scikit_learn_also_with_ties():
    chance = np.random.default_rng(0)
    said = np.round(chance.random(500), 1).clip(0.05, 0.95)
    outcomes = (chance.random(500) < said).astype(int)
    assert metrics.auc(outcomes, said) == pytest.approx(roc_auc_score(outcomes, said))
    assert metrics.log_loss(outcomes, said) == pytest.approx(log_loss(outcomes, said))
    assert metrics.brier(outcomes, said) == pytest.approx(
        brier_score_loss(outcomes, said)
    )


def test_ranking_of_one_kind_of_outcome_is_even():
    assert metrics.auc(np.ones(4), np.array([0.1, 0.2, 0.3, 0.4])) == 0.5


def test_calibration_error_by_hand():
    # Two leads at 0.05 (one won), two at 0.95 (both won): |0.05-0.5| and |0.95-1|.
    said = np.array([0.05, 0.05, 0.95, 0.95])
    outcomes = np.array([0, 1, 1, 1])
    assert metrics.ece(outcomes, said) == pytest.approx((0.45 + 0.05) / 2)
    assert metrics.ece(np.array([1]), np.array([1.0])) == 0.0


def test_the_top_tenth_does_not_depend_on_the_order_of_tied_rows():
    said = np.full(20, 0.3)
    outcomes = np.array([1] * 5 + [0] * 15)
    assert metrics.top_tenth_precision(outcomes, said) == pytest.approx(0.25)
    assert metrics.top_tenth_precision(outcomes[::-1], said) == pytest.approx(0.25)
    said = np.arange(20) / 20
    assert metrics.top_tenth_precision(outcomes[::-1], said) == 1.0


def test_certainty_that_was_wrong_costs_a_finite_price():
    assert metrics.log_loss(np.array([1]), np.array([0.0])) == pytest.approx(
        13.8, abs=0.1
    )


def test_nothing_to_measure():
    assert metrics.measure(np.array([]), np.array([])) == {}
