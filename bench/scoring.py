"""Learn from closed leads, score others: the addon's own trainer and scorer.

    python bench/scoring.py TRAIN.jsonl TEST.jsonl > predictions.csv

One JSON object a line with `id`, `created` (ISO date or null), `stage` (or null) and
`features` (name to number, text, boolean or null); training rows also have `outcome`
(1 or 0), `closed` and `stage_closed`. The answer is `id,probability`, one row per lead
of TEST in its order. Needs numpy and scikit-learn, no Odoo and no network, and keeps
nothing between runs. Input that cannot be read ends with one sentence and code 2.
"""

import csv
import io
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import _pure  # noqa: F401 (lets the next lines import without Odoo)
from _odoo_client import print_table

from odoo.addons.crm_ai_scoring.lib.scoring import Scorer
from odoo.addons.crm_ai_scoring.lib.table import Table
from odoo.addons.crm_ai_scoring.lib.training import train

OUTCOMES = {None: None, 0: 0, 1: 1}
MOST_NUMBER = 1e300


class BadInput(Exception):
    """A file or line that cannot be read; its text is the sentence to show."""


def read_lines(path: Path) -> Iterator[tuple[str, dict]]:
    """Yield the place and the JSON object of each line that is not blank."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in enumerate(stream, start=1):
                if not line.strip():
                    continue
                place = f"{path}, line {number}"
                try:
                    row = json.loads(line)
                except ValueError as error:
                    raise BadInput(f"{place}: this is not JSON ({error}).") from None
                if not isinstance(row, dict):
                    raise BadInput(f"{place}: one JSON object is expected.")
                yield place, row
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text.") from None


def read_day(place: str, row: dict, key: str) -> int | None:
    """Return a day of a row as an ordinal; a time of day is left out."""
    value = row.get(key)
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value[:10]).toordinal()
    except (TypeError, ValueError):
        raise BadInput(f"{place}: {key} {value!r} is not an ISO date.") from None


def read_text(place: str, row: dict, key: str) -> str | None:
    """Return a stage of a row."""
    value = row.get(key)
    if isinstance(value, dict | list):
        raise BadInput(f"{place}: {key} must be text or null.")
    return None if value is None else str(value)


def read_outcome(place: str, row: dict) -> int | None:
    """Return the outcome: 1, 0, or None for an open lead."""
    value = row.get("outcome")
    if isinstance(value, dict | list) or value not in OUTCOMES:
        raise BadInput(f"{place}: outcome {value!r} must be 1 or 0.")
    return OUTCOMES[value]


class Columns:
    """Features gathered column by column: a key that a row lacks is missing there."""

    def __init__(self) -> None:
        self.columns: dict[str, list] = {}
        self.texts: dict[str, str] = {}
        self.rows = 0

    def add(self, place: str, features: dict | None) -> None:
        """Add the features of one more row."""
        if features is None:
            features = {}
        if not isinstance(features, dict):
            raise BadInput(f"{place}: features must be an object.")
        for name, value in features.items():
            if isinstance(value, str):
                value = self.texts.setdefault(value, value)
            elif isinstance(value, dict | list):
                raise BadInput(
                    f"{place}: feature {name!r} must be number, text, boolean or null."
                )
            elif isinstance(value, int | float) and not abs(value) < MOST_NUMBER:
                value = None
            column = self.columns.setdefault(name, [])
            if len(column) < self.rows:
                column.extend([None] * (self.rows - len(column)))
            column.append(value)
        self.rows += 1

    def finish(self) -> dict[str, list]:
        """Return the columns, all of the same length."""
        for column in self.columns.values():
            column.extend([None] * (self.rows - len(column)))
        return self.columns


def read_table(path: Path) -> Table:
    """Return the leads of a file."""
    ids, stages, stages_closed, created, closed, outcomes = ([] for _list in range(6))
    columns = Columns()
    for place, row in read_lines(path):
        if row.get("id") is None or isinstance(row["id"], dict | list):
            raise BadInput(f"{place}: an id is missing.")
        ids.append(str(row["id"]))
        created.append(read_day(place, row, "created"))
        stages.append(read_text(place, row, "stage"))
        outcomes.append(read_outcome(place, row))
        closed.append(read_day(place, row, "closed"))
        stages_closed.append(read_text(place, row, "stage_closed"))
        columns.add(place, row.get("features"))
    return Table.build(
        ids,
        columns.finish(),
        created=created,
        stages=stages,
        outcomes=outcomes,
        closed=closed,
        stages_closed=stages_closed,
    )


def predict(learn: Path, ask: Path) -> str:
    """Return the predictions for one file after learning from the other, as CSV."""
    closed, asked = read_table(learn), read_table(ask)
    trained = train(closed, to_score=asked, with_period=True, with_metrics=False)
    chances = Scorer(trained.model).score(asked)
    answer = io.StringIO()
    writer = csv.writer(answer, lineterminator="\n")
    writer.writerow(["id", "probability"])
    for name, chance in zip(asked.ids, chances, strict=True):
        writer.writerow([name, f"{chance:.6f}"])
    return answer.getvalue()


def scoring_speed() -> int:
    """Print how long learning and scoring take: what `./crm bench` asks for."""
    from _scoring_sets import wide_leads

    print_table("Trainer and scorer of leads", speed_figures(wide_leads(100_000)))
    return 0


def speed_figures(table: Table) -> list[tuple[str, float, str]]:
    """Return lines of (what, figure, unit) for one large table."""
    started = time.perf_counter()
    trained = train(table, with_period=True, with_metrics=False)
    learnt = time.perf_counter() - started
    scorer = Scorer(trained.model)
    scorer.score(table.take(slice(0, 1)))
    started = time.perf_counter()
    scorer.score(table)
    scored = time.perf_counter() - started
    single = table.take(slice(0, 1))
    started = time.perf_counter()
    for _turn in range(50):
        scorer.score(single)
    one = (time.perf_counter() - started) / 50
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"learning {len(table):,} leads, {len(table.columns)} features", learnt, "s"),
        (f"scoring {len(table):,} leads", scored, "s"),
        ("scoring one lead", one * 1000, "ms"),
        ("highest memory", peak, "MB"),
    ]


def main(arguments: list[str]) -> int:
    """Return the exit code: 0, or 2 when the input cannot be used."""
    if not arguments and "CRM_BENCH_URL" in os.environ:
        return scoring_speed()
    if len(arguments) != 2:
        print("Usage: scoring.py TRAIN.jsonl TEST.jsonl", file=sys.stderr)
        return 2
    try:
        answer = predict(*map(Path, arguments))
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.write(answer)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
