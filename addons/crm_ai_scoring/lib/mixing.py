"""How much each learner counts: weights learnt on rows that it had not seen.

A logistic regression of the outcome on the learners' log-odds, with few numbers to
learn, pulled towards an even share. Blocks of time may each have a level of their own,
so that a drift of the win rate is not mistaken for a learner that says too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Standard deviation of the pull towards the even share.
PULL = 0.25
MOST_WEIGHT = 1.5
STEPS = 25


@dataclass(frozen=True)
class Mix:
    """Weights of the learners, one level per block, and what each row cost."""

    weights: np.ndarray
    levels: np.ndarray
    losses: np.ndarray

    @property
    def loss(self) -> float:
        return float(self.losses.mean())


def mix(
    logits: Sequence[np.ndarray],
    outcomes: np.ndarray,
    blocks: np.ndarray | None = None,
) -> Mix:
    """Return the weights (none below 0, none above 1.5) that would have been best.

    :param logits: each learner's log-odds of the rows, from folds without those rows
    :param blocks: number of each row's block; one level for all when omitted
    """
    count = len(outcomes)
    if blocks is None:
        blocks = np.zeros(count, dtype=int)
    facts = np.stack(logits, 1)
    prior = np.full(facts.shape[1], 1 / facts.shape[1])
    free = np.ones(facts.shape[1], dtype=bool)
    weights, levels = prior.copy(), np.zeros(blocks.max() + 1)
    while True:
        weights[free], levels = _solve(
            facts[:, free], facts @ np.where(free, 0, weights), outcomes, blocks,
            prior[free], levels,
        )  # fmt: skip
        outside = free & ((weights < 0) | (weights > MOST_WEIGHT))
        if not outside.any():
            break
        weights[outside] = np.clip(weights[outside], 0, MOST_WEIGHT)
        free &= ~outside
    said = facts @ weights + levels[blocks]
    losses = np.logaddexp(0, said) - outcomes * said
    return Mix(weights, levels, losses)


def _solve(
    facts: np.ndarray,
    offset: np.ndarray,
    outcomes: np.ndarray,
    blocks: np.ndarray,
    prior: np.ndarray,
    levels: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and levels by Newton's method."""
    many = len(prior)
    groups = np.eye(len(levels))[blocks]
    design = np.hstack([facts, groups])
    pull = np.concatenate([np.full(many, PULL**-2), np.full(len(levels), 1e-3)])
    centre = np.concatenate([prior, np.zeros(len(levels))])
    state = np.concatenate([prior, levels])
    for _step in range(STEPS):
        said = 1 / (1 + np.exp(-np.clip(design @ state + offset, -35, 35)))
        slope = design.T @ (outcomes - said) - pull * (state - centre)
        curve = (design.T * (said * (1 - said))) @ design + np.diag(pull)
        move = np.linalg.solve(curve, slope)
        state = state + np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-6:
            break
    return state[:many], state[many:]


def level_for(
    logits: np.ndarray, outcomes: np.ndarray, weights: np.ndarray | None = None
) -> float:
    """Return the level at which the log-odds promise as many wins as there were.

    Half a win and half a loss are added, so that it is finite.
    """
    weights = np.ones(len(outcomes)) if weights is None else weights
    wins = float(weights @ outcomes)
    target = (wins + 0.5) / (weights.sum() + 1) * weights.sum()
    low, high = -40.0, 40.0
    for _step in range(60):
        middle = (low + high) / 2
        said = weights @ (1 / (1 + np.exp(-np.clip(logits + middle, -40, 40))))
        low, high = (middle, high) if said < target else (low, middle)
    return (low + high) / 2
