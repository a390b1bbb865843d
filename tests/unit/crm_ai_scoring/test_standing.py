"""Scores, temperatures and reasons out of chances and points."""

import numpy as np
import pytest

from odoo.addons.crm_ai_scoring.lib.standing import (
    COLD,
    HOT,
    WARM,
    Policy,
    mark_groups,
    sign,
    strongest,
    weigh,
)

NOTHING = np.zeros((1, 0))


def policy(**values):
    return Policy(
        **{
            "start": 30.0,
            "model_share": 1.0,
            "most_adjustment": 10.0,
            "hot_from": 60,
            "warm_from": 30,
            **values,
        }
    )


def logit(chance):
    return np.log(chance / (1 - chance))


def scores(rules, given, chance=0.5, lasting=None):
    points = np.array([given], dtype=float)
    flags = np.zeros(len(given)) if lasting is None else np.array(lasting, float)
    return weigh(rules, np.array([logit(chance)]), NOTHING, points, flags)


def test_the_score_is_the_chance():
    assert scores(policy(), [], chance=0.724).score.tolist() == [72]


def test_without_a_model_the_criteria_make_the_score():
    standing = scores(policy(model_share=0.0), [20, -5], chance=0.99)
    assert standing.score.tolist() == [45]
    assert standing.points.tolist() == [[20, -5]]


@pytest.mark.parametrize(("given", "score"), [([90], 99), ([-90], 1), ([], 30)])
def test_criteria_stay_between_1_and_99(given, score):
    assert scores(policy(model_share=0.0), given).score.tolist() == [score]


def test_half_and_half_in_between():
    # 0.5 x 80 + 0.5 x (30 + 10)
    standing = scores(policy(model_share=0.5), [10], chance=0.8)
    assert standing.score.tolist() == [60]


def test_lasting_criteria_adjust_a_model_within_the_limit():
    standing = scores(policy(), [30, 15], chance=0.5, lasting=[1, 1])
    assert standing.score.tolist() == [60]
    # the 10 points allowed are shared as they were given
    assert standing.points[0].round(2).tolist() == [6.67, 3.33]


def test_criteria_that_do_not_last_fall_silent():
    standing = scores(policy(), [30], chance=0.5, lasting=[0])
    assert standing.score.tolist() == [50]
    assert standing.points.tolist() == [[0.0]]


def test_points_of_a_fact_are_what_is_missing_without_it():
    effects = np.array([[1.0, -0.5]])
    standing = weigh(policy(), np.array([0.4]), effects, np.zeros((1, 0)), np.zeros(0))
    chance = 1 / (1 + np.exp(-0.4))
    without = 1 / (1 + np.exp(0.6))
    assert standing.points[0, 0] == pytest.approx(100 * (chance - without))
    assert standing.points[0, 1] < 0


def test_temperatures_follow_the_thresholds():
    chances = np.array([0.29, 0.30, 0.59, 0.60])
    standing = weigh(
        policy(), logit(chances), np.zeros((4, 0)), np.zeros((4, 0)), np.zeros(0)
    )
    assert standing.temperature.tolist() == [COLD, WARM, WARM, HOT]


def test_the_five_strongest_each_way():
    points = np.array([[9, 1, -3, 0.2, 7, 2, 3, 4, 5, -8.0]])
    best, worst = strongest(points)
    assert best.tolist() == [[0, 4, 8, 7, 6]]
    assert worst.tolist() == [[9, 2, -1, -1, -1]]


def test_nothing_to_choose_from():
    best, worst = strongest(np.zeros((2, 0)))
    assert best.shape == worst.shape == (2, 5)
    assert (best == -1).all()


def test_the_sign_changes_with_the_reasons_only():
    names, tokens = ["a", "b", "c"], [["x", "y"], ["x", "y"], ["x", "y"]]
    marks = mark_groups(names, tokens, np.array([[0, 1, 0]]))
    points = np.array([[5.0, -2.0, 1.0]])
    first = sign(strongest(points), marks)
    assert sign(strongest(points * 1.2), marks) == first
    # another order of the same reasons
    assert sign(strongest(np.array([[1.0, -2.0, 5.0]])), marks) == first
    # the same facts at other places, in another version
    shuffled = mark_groups(["c", "a", "b"], tokens, np.array([[0, 0, 1]]))
    assert sign(strongest(np.array([[1.0, 5.0, -2.0]])), shuffled) == first
    other = mark_groups(names, tokens, np.array([[0, 1, 1]]))
    assert sign(strongest(points), other) != first
    assert sign(strongest(-points), marks) != first
    assert 0 <= first < 2**31
