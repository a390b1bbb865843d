"""Trees as arrays: the same answers as their learner's, and exact shares."""

from itertools import permutations

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.trees import Forest, Growth, grow, scale, to_json


@pytest.fixture(scope="module")
def grown():
    chance = np.random.default_rng(3)
    values = chance.normal(size=(800, 4))
    values[chance.random(values.shape) < 0.15] = np.nan
    logits = np.nan_to_num(values[:, 0] * values[:, 1]) + np.isnan(values[:, 2])
    outcomes = (chance.random(800) < 1 / (1 + np.exp(-logits))).astype(float)
    learner = grow(values, outcomes, Growth(rounds=25, rate=0.1, least_leaf=10))
    return learner, values


def test_stored_trees_answer_as_the_learner_does(grown):
    learner, values = grown
    forest = Forest(to_json(learner))
    assert forest.logits(values.T) == pytest.approx(learner.decision_function(values))


def test_shares_and_mean_sum_to_the_answer(grown):
    learner, values = grown
    forest = Forest(to_json(learner))
    shares = forest.contributions(values[:200].T)
    assert shares.sum(1) + forest.mean == pytest.approx(forest.logits(values[:200].T))


def walk(tree, node, row, known):
    """Return the tree's value when only some facts are known (by the textbook)."""
    feature = tree["feature"][node]
    if feature < 0:
        return tree["value"][node]
    left, right = tree["left"][node], tree["right"][node]
    if feature in known:
        missing = np.isnan(row[feature])
        goes_left = tree["missing_left"][node] if missing else (
            row[feature] <= tree["limit"][node]
        )  # fmt: skip
        return walk(tree, left if goes_left else right, row, known)
    share = tree["count"][left] / tree["count"][node]
    return share * walk(tree, left, row, known) + (1 - share) * walk(
        tree, right, row, known
    )


def test_shares_are_the_shapley_values_counted_one_by_one(grown):
    learner, values = grown
    stored = to_json(learner)
    forest = Forest(stored)
    for row in values[:5]:
        expected = np.zeros(4)
        orders = list(permutations(range(4)))
        for order in orders:
            known = set()
            before = sum(walk(tree, 0, row, known) for tree in stored["trees"])
            for feature in order:
                known.add(feature)
                after = sum(walk(tree, 0, row, known) for tree in stored["trees"])
                expected[feature] += (after - before) / len(orders)
                before = after
        assert forest.contributions(row[:, None])[0] == pytest.approx(expected)


def test_a_share_of_the_trees_scales_answers_and_shares(grown):
    learner, values = grown
    whole, half = Forest(to_json(learner)), Forest(scale(to_json(learner), 0.5))
    assert half.logits(values.T) == pytest.approx(0.5 * whole.logits(values.T))


def test_a_column_without_numbers_is_no_obstacle():
    values = np.random.default_rng(0).normal(size=(100, 2))
    values[:, 1] = np.nan
    learner = grow(values, (values[:, 0] > 0).astype(float), Growth(5, 0.1, 5))
    forest = Forest(to_json(learner))
    assert np.isfinite(forest.logits(values.T)).all()
