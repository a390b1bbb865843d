"""Leads for the benches of the trainer: the public data set, and sets made here.

The public set (bank marketing, see its README) lies outside the project, in the folder
`CRM_LEADS_DATA` or `../shared/data/leads`; it is never copied. The sets made here have
what it lacks: stages, levels that drift, texts of hundreds of values, few rows.
"""

import csv
import gzip
import os
from datetime import date
from pathlib import Path

import numpy as np

from odoo.addons.crm_ai_scoring.lib.table import Table

ROOT = Path(__file__).resolve().parents[1]
BANK = "bank-additional-full.csv.gz"
FIRST_DAY = date(2022, 1, 3).toordinal()
# The call's own length, and five columns that tell the quarter of the year.
LEFT_OUT = {
    "duration", "emp.var.rate", "cons.price.idx", "cons.conf.idx", "euribor3m",
    "nr.employed", "y",
}  # fmt: skip
NUMBERS = {"age", "campaign", "pdays", "previous"}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def bank_file() -> Path | None:
    """Return where the public data set is, None when it is not there."""
    folder = Path(os.environ.get("CRM_LEADS_DATA", ROOT.parent / "shared/data/leads"))
    file = folder / BANK
    return file if file.is_file() else None


def bank_leads(file: Path) -> Table:
    """Return the public data set in order of date; the year follows from the order."""
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    columns = {
        name: [_bank_value(name, row[name]) for row in rows]
        for name in rows[0]
        if name not in LEFT_OUT
    }
    year, last, created = 2008, 0, []
    for row in rows:
        month = MONTHS.index(row["month"]) + 1
        year += month < last
        last = month
        created.append(date(year, month, 1))
    outcomes = [float(row["y"] == "yes") for row in rows]
    return Table.build(range(len(rows)), columns, created=created, outcomes=outcomes)


def _bank_value(name: str, text: str):
    if text == "unknown" or (name == "pdays" and text == "999"):
        return None
    return float(text) if name in NUMBERS else text


LEVELS = {
    "steady": lambda time: -2.0 + 0 * time,
    "rising": lambda time: -3.0 + 2.5 * time,
    "falling": lambda time: -1.0 - 2.0 * time,
    "jump": lambda time: np.where(time < 0.55, -2.5, -1.2),
}


def made_leads(count: int, *, level: str = "steady", seed: int = 1) -> Table:
    """Return leads of two years whose win rate follows a level.

    Seven features count (two of them only together), one text has 300 values without
    meaning, one is a number that means nothing.
    """
    chance = np.random.default_rng(seed)
    time = np.arange(count) / count
    one, two, noise = chance.normal(size=(3, count))
    sources = np.array(list("abcdefgh"))
    effects = dict(zip(sources, chance.normal(0, 0.6, 8), strict=True))
    source = chance.choice(sources, count)
    seats = chance.lognormal(2, 1, count).round()
    has_phone = chance.random(count) < 0.7
    logits = LEVELS[level](time) + 0.7 * one + 0.4 * one * two
    logits += np.array([effects[name] for name in source])
    logits += 0.3 * np.log(seats + 1) - 0.6 - 0.5 * ~has_phone
    outcomes = (chance.random(count) < 1 / (1 + np.exp(-logits))).astype(float)
    columns = {
        "one": np.where(chance.random(count) < 0.1, np.nan, one),
        "two": two,
        "noise": noise,
        "source": source.tolist(),
        "seats": [str(int(value)) for value in seats],
        "phone": [True if known else None for known in has_phone],
        "landing page": [f"p{value}" for value in chance.integers(0, 300, count)],
    }
    created = FIRST_DAY + np.floor(time * 730)
    return Table.build(range(count), columns, created=created, outcomes=outcomes)


def wide_leads(count: int) -> Table:
    """Return leads with 40 features, for measuring time."""
    chance = np.random.default_rng(7)
    columns: dict = {}
    for rank in range(20):
        numbers = chance.normal(size=count).round(3)
        columns[f"number {rank}"] = np.where(
            chance.random(count) < 0.1, np.nan, numbers
        )
    for rank in range(16):
        size = 8 if rank < 12 else 3000
        columns[f"text {rank}"] = [
            f"t{value}" if value else None for value in chance.integers(0, size, count)
        ]
    for rank in range(4):
        columns[f"flag {rank}"] = chance.choice([True, False, None], count).tolist()
    values = [np.nan_to_num(columns[f"number {rank}"]) for rank in range(3)]
    logits = values[0] + values[1] * values[2] - 1.5
    outcomes = (chance.random(count) < 1 / (1 + np.exp(-logits))).astype(float)
    created = FIRST_DAY + np.floor(np.arange(count) / count * 730)
    return Table.build(range(count), columns, created=created, outcomes=outcomes)
