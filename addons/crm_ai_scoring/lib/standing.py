"""From chances and points to the score that is shown, for whole columns of deals."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from .scoring import sigmoid

TOP = 5
# A fact that moves the score by less is no reason.
LEAST_POINTS = 0.5
COLD, WARM, HOT = 0, 1, 2
TEMPERATURES = ("cold", "warm", "hot")
# A prime below 2 to the 31st: signs fit a column of integers.
MODULUS = 2_147_483_647


@dataclass(frozen=True)
class Policy:
    """What a company decided.

    :param start: points of a deal before any criterion, while no model speaks
    :param model_share: part of the score that comes from the model, 0 to 1
    :param most_adjustment: most points that criteria may move a model's score
    :param hot_from: :param warm_from: scores
    """

    start: float
    model_share: float
    most_adjustment: float
    hot_from: int
    warm_from: int


@dataclass(frozen=True)
class Standing:
    """The scores and what explains them.

    :param points: per deal and fact, then per deal and criterion: how much lower the
        score would be without it
    """

    score: np.ndarray
    temperature: np.ndarray
    points: np.ndarray


def weigh(
    policy: Policy,
    logits: np.ndarray,
    contributions: np.ndarray,
    rule_points: np.ndarray,
    is_lasting: np.ndarray,
) -> Standing:
    """Return scores from the model's log-odds and the points of the criteria.

    :param contributions: per deal and fact, in log-odds
    :param rule_points: per deal and criterion
    :param is_lasting: per criterion, whether it adjusts a model too
    """
    share = policy.model_share
    said = sigmoid(logits)
    by_rules = np.clip(policy.start + rule_points.sum(axis=1), 1.0, 99.0)
    lasting = rule_points * is_lasting
    wanted = lasting.sum(axis=1)
    most = policy.most_adjustment
    allowed = np.clip(wanted, -most, most)
    exact = 100.0 * share * said + (1.0 - share) * by_rules + share * allowed
    score = np.clip(np.rint(exact), 0, 100).astype(np.int64)
    shrink = np.divide(
        allowed, wanted, out=np.zeros_like(wanted), where=np.abs(wanted) > 1e-9
    )
    of_facts = (
        100.0 * share * (said[:, None] - sigmoid(logits[:, None] - contributions))
    )
    of_rules = (1.0 - share) * rule_points + share * lasting * shrink[:, None]
    temperature = np.where(
        score >= policy.hot_from, HOT, np.where(score >= policy.warm_from, WARM, COLD)
    )
    return Standing(score, temperature, np.hstack([of_facts, of_rules]))


def strongest(points: np.ndarray, top: int = TOP) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of the strongest facts for and against, strongest first.

    Where there are fewer than `top` the position is -1.
    """
    return _best(points, top), _best(-points, top)


def _best(points: np.ndarray, top: int) -> np.ndarray:
    rows, width = points.shape
    best = np.full((rows, top), -1, dtype=np.int64)
    if not width or not rows:
        return best
    count = min(top, width)
    if width > count:
        found = np.argpartition(-points, count - 1, axis=1)[:, :count]
    else:
        found = np.tile(np.arange(width), (rows, 1))
    values = np.take_along_axis(points, found, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    found = np.take_along_axis(found, order, axis=1)
    values = np.take_along_axis(values, order, axis=1)
    best[:, :count] = np.where(values >= LEAST_POINTS, found, -1)
    return best


def mark(name: str, token: str) -> int:
    """Return a number for a fact and the group its value is in (31 bits)."""
    return crc32(f"{name}={token}".encode()) % MODULUS


def mark_groups(names, tokens, codes: np.ndarray) -> np.ndarray:
    """Return the mark of each deal's group, for each fact."""
    marks = np.zeros(codes.shape, dtype=np.int64)
    for place, (name, texts) in enumerate(zip(names, tokens, strict=True)):
        known = np.array([mark(name, text) for text in texts], dtype=np.int64)
        marks[:, place] = known[codes[:, place]]
    return marks


def sign(best: tuple[np.ndarray, np.ndarray], marks: np.ndarray) -> np.ndarray:
    """Return a number that changes when the reasons of a deal do (31 bits).

    The order of the reasons does not matter, nor their exact strength, nor which
    version of a model gave them.

    :param marks: per deal and fact, the mark of the group its value is in
    """
    total = np.zeros(len(marks), dtype=np.int64)
    if not marks.shape[1]:
        return total
    for side, places in zip((1, 1_000_003), best, strict=True):
        chosen = np.take_along_axis(marks, np.maximum(places, 0), axis=1)
        total += np.where(places >= 0, (chosen * side) % MODULUS, 0).sum(axis=1)
    return total % MODULUS
