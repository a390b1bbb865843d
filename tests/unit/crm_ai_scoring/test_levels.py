"""Mixing learners, and today's level."""

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.folds import forward_folds, mixed_folds
from odoo.addons.crm_ai_scoring.lib.levels import (
    Moment,
    Pace,
    choose_pace,
    level_at,
    recency,
)
from odoo.addons.crm_ai_scoring.lib.mixing import level_for, mix


def sigmoid(logits):
    return 1 / (1 + np.exp(-logits))


def test_mixing_finds_the_truth_and_holds_noise_down():
    chance = np.random.default_rng(0)
    truth, noise = chance.normal(size=(2, 20_000))
    outcomes = (chance.random(20_000) < sigmoid(0.8 * truth - 1)).astype(float)
    found = mix([truth, noise], outcomes)
    assert found.weights[0] == pytest.approx(0.8, abs=0.06)
    assert 0 <= found.weights[1] < 0.05
    assert found.levels[0] == pytest.approx(-1, abs=0.06)


def test_a_learner_that_is_wrong_counts_nothing_rather_than_less_than_nothing():
    chance = np.random.default_rng(0)
    wrong = chance.normal(size=5000)
    outcomes = (chance.random(5000) < sigmoid(-wrong)).astype(float)
    assert mix([wrong], outcomes).weights[0] == 0


def test_a_drift_of_the_level_is_not_taken_for_a_weak_learner():
    chance = np.random.default_rng(0)
    said = chance.normal(size=10_000)
    blocks = np.repeat([0, 1], 5000)
    outcomes = chance.random(10_000) < sigmoid(said + np.where(blocks, 2.0, -2.0))
    outcomes = outcomes.astype(float)
    assert mix([said], outcomes, blocks).weights[0] == pytest.approx(1, abs=0.08)
    assert mix([said], outcomes).weights[0] < 0.8


def test_the_level_promises_as_many_wins_as_there_were():
    outcomes = np.array([1.0] * 20 + [0.0] * 80)
    level = level_for(np.zeros(100), outcomes)
    assert sigmoid(level) == pytest.approx(20.5 / 101)
    assert np.isfinite(level_for(np.zeros(5), np.zeros(5)))


def test_forgetting_is_chosen_when_the_past_would_have_been_wrong():
    def moments(rates):
        chance = np.random.default_rng(1)
        outcomes = (chance.random(4000) < np.repeat(rates, 500)).astype(float)
        return [
            Moment(np.zeros(n), outcomes[:n], np.zeros(500), outcomes[n : n + 500])
            for n in range(1500, 4000, 500)
        ]

    rising = choose_pace(moments(np.linspace(0.05, 0.6, 8)))
    assert rising.half_life is not None and rising.share == 1.0
    steady = moments(np.full(8, 0.2))
    level = level_at(choose_pace(steady), np.zeros(3500), steady[-1].outcomes_before)
    assert sigmoid(level) == pytest.approx(0.2, abs=0.03)


def test_a_recent_level_lies_near_the_newest_rows():
    outcomes = np.array([0.0, 1.0] * 5 + [0.0] * 500 + [1.0, 0.0] * 100)
    recent = level_at(Pace(0.03), np.zeros(710), outcomes)
    assert sigmoid(recent) == pytest.approx(0.5, abs=0.05)
    assert sigmoid(level_at(Pace(), np.zeros(710), outcomes)) < 0.2


def test_weights_halve_with_each_half_life():
    weights = recency(101, 0.5)
    assert weights[-1] == 1.0
    assert weights[-1 - 50] == pytest.approx(0.5, abs=0.01)


def test_mixed_folds_hide_every_row_once_with_equal_shares():
    outcomes = np.array([1.0] * 20 + [0.0] * 80)
    folds = mixed_folds(outcomes, seed=3)
    judged = np.concatenate([fold.judge for fold in folds])
    assert sorted(judged.tolist()) == list(range(100))
    assert [outcomes[fold.judge].sum() for fold in folds] == [4] * 5


def test_forward_folds_never_learn_from_what_came_later():
    folds = forward_folds(np.array([1.0, 0.0] * 50))
    assert folds and all(fold.learn.max() < fold.judge.min() for fold in folds)
    late = np.array([0.0] * 90 + [1.0] * 10)
    assert forward_folds(late) == []
