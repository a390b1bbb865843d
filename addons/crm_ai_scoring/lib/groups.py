"""Which group of values each deal is in, for each fact of a model.

The scorer speaks of log-odds; reasons are kept and compared by group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .scoring import Scorer, shown_name
from .table import Table
from .tokens import label_codes

ENDLESS = 1e300


@dataclass(frozen=True)
class Groups:
    """What a model says of a table.

    :param names: of the facts
    :param contributions: per deal and fact, log-odds against the average deal
    :param codes: per deal and fact, the group of its value
    :param tokens: per fact, the text of each group
    """

    names: list[str]
    contributions: np.ndarray
    codes: np.ndarray
    tokens: list[list[str]]


def read_groups(scorer: Scorer, table: Table) -> Groups:
    """Return contributions and groups, fact by fact in the same order."""
    names, contributions = scorer.contributions(table)
    encoder = scorer.after.encoder
    features = [shown_name(feature.name) for feature in encoder.features]
    codes = dict(zip(features, encoder.codes(table), strict=True))
    tokens = dict(zip(features, map(label_codes, encoder.features), strict=True))
    if "stage" in names and "stage" not in codes:
        codes["stage"], tokens["stage"] = _group_texts(table.stages)
    blank = np.zeros(len(table), dtype=np.int64)
    columns = [codes.get(name, blank) for name in names]
    grid = np.stack(columns, axis=1) if columns else np.zeros((len(table), 0))
    return Groups(
        names,
        contributions,
        grid.astype(np.int64),
        [tokens.get(name, [""]) for name in names],
    )


def _group_texts(texts: np.ndarray) -> tuple[np.ndarray, list[str]]:
    found, codes = np.unique(texts.astype(str), return_inverse=True)
    known = texts != np.array(None)
    tokens = [f"={text}" for text in found.tolist()]
    return np.where(known, codes, len(tokens)), [*tokens, ""]


def make_storable(value):
    """Return JSON that a database takes: limits without end become very large ones.

    >>> make_storable({"limit": [float("inf"), 2.5]})
    {'limit': [1e+300, 2.5]}
    """
    if isinstance(value, dict):
        return {key: make_storable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [make_storable(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else math.copysign(ENDLESS, value)
    return value


def fact_names(model: dict) -> list[str]:
    """Return the columns a stored model reads."""
    return [
        stored["name"]
        for stored in model["parts"]["after"]["features"]
        if not stored["name"].startswith("@")
    ]


def strongest_groups(model: dict) -> list[tuple[str, str, float]]:
    """Return (fact, group, log-odds against the average) of every group with points.

    Trees have no points of their own: what they add shows in each deal's reasons.
    """
    part = Scorer(model).after
    groups = [
        (shown_name(feature.name), token, float(points[code] - mean))
        for feature, points, mean in zip(
            part.features, part.points, part.means, strict=True
        )
        for code, token in enumerate(label_codes(feature))
    ]
    stages = [
        ("stage", f"={stage}", float(points))
        for stage, points in (model.get("stage") or {}).items()
    ]
    return groups + stages
