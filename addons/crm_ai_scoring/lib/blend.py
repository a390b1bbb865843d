"""From rules to the model as outcomes come in, and the administrator's adjustment.

Below 5 won and 5 lost leads there are only rules. The model then takes over with the
number of outcomes of the rarer kind: half at 15, five sixths at 60, all from 100.
Measured on small samples of several data sets, a model of 200 closed leads is already
better than rules written by hand; rules only bridge the time before.
"""

import numpy as np

from .scoring import sigmoid

# Won and lost leads from which a model counts at all, and from which it counts alone.
FIRST_OUTCOMES = 5
ALL_OUTCOMES = 100
# Outcomes of the rarer kind that a set of rules is worth, above the first ones.
RULES_WORTH = 10.0
# An adjustment moves the log-odds by no more than this (odds times 4.5).
MOST_ADJUSTMENT = 1.5


def model_share(won: int, lost: int) -> float:
    """Return the share of the model, from 0 (rules alone) to 1 (model alone).

    >>> [round(model_share(n, 500), 2) for n in (4, 5, 15, 60, 100)]
    [0.0, 0.0, 0.5, 0.85, 1.0]
    """
    rarer = min(won, lost)
    if rarer >= ALL_OUTCOMES:
        return 1.0
    above = max(rarer - FIRST_OUTCOMES, 0)
    return above / (above + RULES_WORTH)


def blend(rules: np.ndarray, model: np.ndarray, share: float) -> np.ndarray:
    """Return the log-odds between those of the rules and those of the model.

    Both kinds of reasons keep their sums when multiplied by `1 - share` and `share`.
    """
    return (1 - share) * np.asarray(rules) + share * np.asarray(model)


def adjustment(moves: np.ndarray) -> np.ndarray:
    """Return the administrator's move of the log-odds, within its limits.

    :param moves: what the criteria give (`RuleWeights.shares(...).sum(1)`)
    """
    return np.clip(moves, -MOST_ADJUSTMENT, MOST_ADJUSTMENT)


def adjust(logits: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Return the probabilities after the administrator's adjustment."""
    return sigmoid(np.asarray(logits) + adjustment(moves))
