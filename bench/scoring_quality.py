"""How good the trainer's probabilities are, beside other learners on the same rows.

The public data set (when it is there) with random folds, in order of date and rolling,
then sets made here. Each line is the mean over its splits. Needs no server.
"""

import sys
from dataclasses import replace

import _pure  # noqa: F401 (lets the next lines import without Odoo)
import numpy as np
from _scoring_sets import bank_file, bank_leads, made_leads
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.preprocessing import OneHotEncoder

from odoo.addons.crm_ai_scoring.lib.features import read_by_value, text_key
from odoo.addons.crm_ai_scoring.lib.metrics import log_loss, measure
from odoo.addons.crm_ai_scoring.lib.pls import PredictiveLeadScoring
from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.table import Table
from odoo.addons.crm_ai_scoring.lib.training import train

TUNED = [
    {"learning_rate": 0.05, "max_iter": rounds, "max_leaf_nodes": leaves}
    for rounds in (60, 120, 240)
    for leaves in (4, 8, 31)
]
MOST_TUNED = 10_000


def split_columns(learn: Table, judge: Table):
    """Return numbers (missing as NaN) and texts (missing as "") of both tables."""
    numbers, texts = [], []
    for name, column in learn.columns.items():
        pair = (column, judge.column(name))
        if column.dtype == object:
            keys = (read_by_value(values, text_key, object) for values in pair)
            texts.append([np.where(k == np.array(None), "", k) for k in keys])
        else:
            numbers.append(pair)
    return numbers, texts


def one_hot(learn: Table, judge: Table):
    """Return dense matrices: numbers filled with the median, texts one-hot."""
    numbers, texts = split_columns(learn, judge)
    blocks: list[list[np.ndarray]] = [[], []]
    for pair in numbers:
        middle, scale = np.nanmedian(pair[0]), np.nanstd(pair[0]) or 1.0
        for side, values in enumerate(pair):
            filled = np.where(np.isnan(values), middle, values)
            blocks[side] += [(filled - middle)[:, None] / scale]
            blocks[side] += [np.isnan(values)[:, None].astype(float)]
    if texts:
        encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
        first = np.stack([pair[0] for pair in texts], 1).astype(str)
        blocks[0].append(encoder.fit_transform(first))
        second = np.stack([pair[1] for pair in texts], 1).astype(str)
        blocks[1].append(encoder.transform(second))
    return np.hstack(blocks[0]), np.hstack(blocks[1])


def ordinal(learn: Table, judge: Table):
    """Return matrices for histogram boosting, and which columns are categories."""
    numbers, texts = split_columns(learn, judge)
    sides: list[list[np.ndarray]] = [list(pair) for pair in zip(*numbers, strict=True)]
    sides = sides or [[], []]
    for pair in texts:
        found, counts = np.unique(pair[0].astype(str), return_counts=True)
        kept = found[np.argsort(-counts)][:250]
        places = {text: float(rank) for rank, text in enumerate(kept)}
        for side, values in enumerate(pair):
            sides[side].append(np.array([places.get(v, np.nan) for v in values]))
    is_text = [False] * len(numbers) + [True] * len(texts)
    return np.stack(sides[0], 1), np.stack(sides[1], 1), is_text


def say_base(learn, judge):
    return np.full(len(judge), learn.outcomes.mean())


def say_pls(learn, judge):
    return PredictiveLeadScoring(learn).score(judge)


def say_linear(learn, judge):
    first, second = one_hot(learn, judge)
    learner = LogisticRegression(max_iter=300).fit(first, learn.outcomes)
    return learner.predict_proba(second)[:, 1]


def say_forest(learn, judge):
    first, second = one_hot(learn, judge)
    learner = RandomForestClassifier(random_state=0, n_jobs=2)
    return learner.fit(first, learn.outcomes).predict_proba(second)[:, 1]


def say_boosting(learn, judge):
    first, second, is_text = ordinal(learn, judge)
    rows = np.random.default_rng(0).permutation(len(learn))[:MOST_TUNED]
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    learners = [
        HistGradientBoostingClassifier(
            categorical_features=is_text, early_stopping=False, random_state=0, **one
        )
        for one in TUNED
    ]
    losses = [
        log_loss(
            learn.outcomes[rows],
            cross_val_predict(
                learner, first[rows], learn.outcomes[rows],
                cv=folds, method="predict_proba",
            )[:, 1],
        )
        for learner in learners
    ]  # fmt: skip
    best = learners[int(np.argmin(losses))].fit(first, learn.outcomes)
    return best.predict_proba(second)[:, 1]


def say_ours(learn, judge):
    trained = train(learn, to_score=judge, with_period=True, with_metrics=False)
    return Scorer(trained.model).score(judge)


def say_ours_undated(learn, judge):
    return say_ours(replace(learn, created=np.full(len(learn), np.nan)), judge)


LEARNERS = {
    "base rate alone": say_base,
    "Odoo's formula": say_pls,
    "logistic regression": say_linear,
    "random forest, defaults": say_forest,
    "gradient boosting, tuned": say_boosting,
    "ours, without dates": say_ours_undated,
    "ours": say_ours,
}
FIGURES = ("auc", "log_loss", "brier", "ece", "top_tenth")


def random_folds(table: Table, many: int = 5):
    """Yield learning and judging rows of random folds."""
    folds = StratifiedKFold(5, shuffle=True, random_state=1)
    for rank, rows in enumerate(folds.split(table.outcomes, table.outcomes)):
        if rank < many:
            yield table.take(rows[0]), table.take(rows[1])


def by_date(table: Table, share: float = 0.7):
    """Yield the oldest rows to learn from and the newest to judge."""
    cut = int(share * len(table))
    yield table.take(slice(0, cut)), table.take(slice(cut, None))


def rolling(table: Table, steps: int = 8, first: int = 2):
    """Yield ever more of the past, and the eighth that came next."""
    limits = np.linspace(0, len(table), steps + 1).astype(int)
    for step in range(first, steps):
        start, end = limits[step], limits[step + 1]
        yield table.take(slice(0, start)), table.take(slice(start, end))


def few(table: Table, count: int, many: int = 5):
    """Yield a few random rows to learn from, and thousands of others to judge."""
    for seed in range(many):
        rows = np.random.default_rng(seed).permutation(len(table))
        learn, judge = np.sort(rows[:count]), np.sort(rows[count : count + 6000])
        yield table.take(learn), table.take(judge)


def compare(title: str, splits, without: tuple[str, ...] = ()) -> None:
    """Print one table: the mean figures of each learner over the splits."""
    splits = list(splits)
    print(f"\n{title} ({len(splits)} splits)\n")
    print("| learner | AUC | log loss | Brier | ECE | won among the top tenth |")
    print("|---|---|---|---|---|---|", flush=True)
    for name, say in LEARNERS.items():
        if name in without:
            continue
        found = []
        for learn, judge in splits:
            figures = measure(judge.outcomes, say(learn, judge))
            found.append([figures[key] for key in FIGURES])
        auc, loss, brier, ece, top = np.mean(found, axis=0)
        print(
            f"| {name} | {auc:.3f} | {loss:.3f} | {brier:.3f} | {ece:.3f} |"
            f" {100 * top:.1f} % |",
            flush=True,
        )


def main() -> int:
    """Print all tables."""
    file = bank_file()
    if file:
        bank = bank_leads(file)
        compare("Bank marketing, random folds", random_folds(bank))
        compare("Bank marketing, newest 30 %", by_date(bank))
        compare("Bank marketing, rolling", rolling(bank), ("random forest, defaults",))
        compare("Bank marketing, 450 rows to learn from", few(bank, 450))
        compare("Bank marketing, 200 rows to learn from", few(bank, 200))
    else:
        print("The public data set is not here: only sets made here are measured.")
    for level in ("steady", "rising", "falling", "jump"):
        table = made_leads(8000, level=level)
        compare(f"Made here, {level} level, newest 30 %", by_date(table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
