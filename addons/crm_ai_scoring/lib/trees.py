"""Small boosted trees: learnt by scikit-learn, stored as arrays, scored by numpy.

A tree has at most eight leaves, thus seven questions. A lead's answers to them are the
bits of one number below 128, and a table says what each number is worth: the tree's
value, or each fact's exact share of it (Shapley values given the tree's own counts).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import factorial

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

MOST_LEAVES = 8
CHUNK = 2048


@dataclass(frozen=True)
class Growth:
    """How trees are grown: `rounds` trees, each moving by `rate`."""

    rounds: int
    rate: float
    least_leaf: int
    leaves: int = MOST_LEAVES
    ridge: float = 1.0
    share: float = 1.0


def grow(
    values: np.ndarray,
    outcomes: np.ndarray,
    growth: Growth,
    *,
    seed: int = 0,
    weights: np.ndarray | None = None,
) -> HistGradientBoostingClassifier:
    """Return scikit-learn's learner, fitted.

    :param values: one row per lead, one column per feature, NaN when missing
    """
    learner = HistGradientBoostingClassifier(
        learning_rate=growth.rate,
        max_iter=growth.rounds,
        max_leaf_nodes=growth.leaves,
        min_samples_leaf=growth.least_leaf,
        l2_regularization=growth.ridge,
        max_features=growth.share,
        early_stopping=False,
        random_state=seed,
    )
    # The learner stumbles over a column without any number; it asks nothing of zeros.
    empty = np.isnan(values).all(0)
    if empty.any():
        values = np.where(empty[None, :], 0.0, values)
    return learner.fit(values, outcomes, sample_weight=weights)


def to_json(learner: HistGradientBoostingClassifier) -> dict:
    """Return the trees as plain lists: one list per property, one item per node.

    Inner nodes come as (feature, limit, missing goes left, left, right), leaves with
    feature -1 and their value; `count` is the number of leads seen at the node.
    """
    # scikit-learn keeps its trees in private arrays; its version is pinned and a test
    # compares these numbers with the learner's own.
    start = float(np.ravel(learner._baseline_prediction)[0])
    trees = []
    for (predictor,) in learner._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        trees.append(
            {
                "feature": np.where(leaf, -1, nodes["feature_idx"]).tolist(),
                "limit": np.where(leaf, 0.0, nodes["num_threshold"]).tolist(),
                "missing_left": nodes["missing_go_to_left"].astype(int).tolist(),
                "left": nodes["left"].astype(int).tolist(),
                "right": nodes["right"].astype(int).tolist(),
                "value": np.where(leaf, nodes["value"], 0.0).tolist(),
                "count": nodes["count"].astype(int).tolist(),
            }
        )
    return {"start": start, "trees": trees}


@cache
def _shapley_weights(players: int) -> np.ndarray:
    """Return the matrix that turns the values of all coalitions into shares."""
    weights = np.zeros((players, 1 << players))
    total = factorial(players)
    for coalition in range(1 << players):
        size = coalition.bit_count()
        for player in range(players):
            bit = 1 << player
            if coalition & bit:
                continue
            weight = factorial(size) * factorial(players - size - 1) / total
            weights[player, coalition | bit] += weight
            weights[player, coalition] -= weight
    return weights


class _Tree:
    """One stored tree, prepared for tables over the answers."""

    def __init__(self, stored: Mapping) -> None:
        self.stored = stored
        self.inner = [rank for rank, f in enumerate(stored["feature"]) if f >= 0]
        self.bit = {node: place for place, node in enumerate(self.inner)}
        self.players = sorted({stored["feature"][node] for node in self.inner})

    def values(self) -> np.ndarray:
        """Return the tree's value for each combination of answers."""
        width = 1 << len(self.inner)
        return np.broadcast_to(self._walk(0, width, None), (1, width))[0]

    def shares(self) -> tuple[float, np.ndarray]:
        """Return the tree's mean, and per answers and player the share of the value."""
        width = 1 << len(self.inner)
        shape = (1 << len(self.players), width)
        coalitions = np.broadcast_to(self._walk(0, width, self.players), shape)
        shares = _shapley_weights(len(self.players)) @ coalitions
        return float(coalitions[0, 0]), shares.T

    def _walk(self, node: int, width: int, players: Sequence[int] | None):
        """Return the value below a node, per coalition (if asked) and answers."""
        stored = self.stored
        feature = stored["feature"][node]
        if feature < 0:
            return np.full((1, 1), stored["value"][node])
        left, right = stored["left"][node], stored["right"][node]
        below_left = self._walk(left, width, players)
        below_right = self._walk(right, width, players)
        answers = (np.arange(width)[None, :] >> self.bit[node]) & 1
        followed = np.where(answers == 1, below_left, below_right)
        if players is None:
            return followed
        share = stored["count"][left] / max(stored["count"][node], 1)
        mean = share * below_left + (1 - share) * below_right
        coalitions = np.arange(1 << len(players))[:, None]
        knows = (coalitions >> players.index(feature)) & 1
        return np.where(knows == 1, followed, mean)


class Forest:
    """Stored trees in their fast form."""

    def __init__(self, stored: Mapping) -> None:
        self.start = float(stored["start"])
        self.trees = [_Tree(tree) for tree in stored["trees"]]
        splits: dict[tuple, int] = {}
        most = max((len(tree.inner) for tree in self.trees), default=0)
        self.answers = np.zeros((len(self.trees), most), dtype=np.intp)
        for rank, tree in enumerate(self.trees):
            for place, node in enumerate(tree.inner):
                key = tuple(
                    tree.stored[name][node]
                    for name in ("feature", "limit", "missing_left")
                )
                self.answers[rank, place] = splits.setdefault(key, len(splits))
        self.split_feature = np.array([key[0] for key in splits], dtype=np.intp)
        self.split_limit = np.array([key[1] for key in splits], dtype=np.float64)
        self.missing_left = np.array([key[2] for key in splits], dtype=bool)
        # Trees with fewer questions repeat their table, whatever the unused bits say.
        self.width = 1 << most
        self.tables = np.zeros((len(self.trees), self.width))
        for rank, tree in enumerate(self.trees):
            values = tree.values()
            self.tables[rank] = np.tile(values, self.width // len(values))

    @cached_property
    def _shares(self) -> tuple[float, list[tuple[list[int], np.ndarray]]]:
        mean, shares = self.start, []
        for tree in self.trees:
            tree_mean, table = tree.shares()
            mean += tree_mean
            repeats = self.width // len(table)
            shares.append((tree.players, np.tile(table, (repeats, 1))))
        return mean, shares

    @property
    def mean(self) -> float:
        """The trees' value of the average lead."""
        return self._shares[0]

    def _answers(self, values: np.ndarray) -> np.ndarray:
        """Return, per tree and lead, the number whose bits are the answers.

        :param values: one row per feature, one column per lead
        """
        chosen = values[self.split_feature]
        goes_left = chosen <= self.split_limit[:, None]
        goes_left |= np.isnan(chosen) & self.missing_left[:, None]
        bits = goes_left.view(np.uint8)
        numbers = np.zeros((len(self.trees), values.shape[1]), dtype=np.uint8)
        for place in range(self.answers.shape[1]):
            numbers |= bits[self.answers[:, place]] << np.uint8(place)
        return numbers

    def logits(self, values: np.ndarray) -> np.ndarray:
        """Return the trees' log-odds of each lead."""
        total = np.full(values.shape[1], self.start)
        if not self.trees:
            return total
        flat = self.tables.ravel()
        offsets = (np.arange(len(self.trees)) * self.width)[:, None]
        for start in range(0, values.shape[1], CHUNK):
            part = slice(start, start + CHUNK)
            numbers = self._answers(values[:, part])
            total[part] += flat[numbers + offsets].sum(0)
        return total

    def contributions(self, values: np.ndarray) -> np.ndarray:
        """Return each feature's share of the log-odds against `mean`, per lead."""
        result = np.zeros((values.shape[1], values.shape[0]))
        for start in range(0, values.shape[1], CHUNK):
            part = slice(start, start + CHUNK)
            numbers = self._answers(values[:, part])
            for rank, (players, table) in enumerate(self._shares[1]):
                result[part, players] += table[numbers[rank]]
        return result


def scale(stored: Mapping, share: float) -> dict:
    """Return the trees with all their values multiplied by a share."""
    trees = [
        dict(tree) | {"value": [share * value for value in tree["value"]]}
        for tree in stored["trees"]
    ]
    return {"start": share * stored["start"], "trees": trees}
