"""The command line: learn from one file, score another."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from .leads import make_leads

PROGRAM = Path(__file__).resolve().parents[3] / "bench" / "scoring.py"


def run(*arguments, cwd=None):
    return subprocess.run(
        [sys.executable, PROGRAM, *arguments], capture_output=True, text=True, cwd=cwd
    )


def write_leads(path, table, *, closed):
    columns = {name: column.tolist() for name, column in table.columns.items()}
    with path.open("w", encoding="utf-8") as stream:
        for row in range(len(table)):
            lead = {"id": f"L{row}", "created": f"2026-01-{row % 28 + 1:02d}T10:00:00Z"}
            lead |= {"stage": None, "features": {n: c[row] for n, c in columns.items()}}
            if closed:
                lead |= {"outcome": int(table.outcomes[row]), "closed": None}
            stream.write(json.dumps(lead) + "\n\n")
    return path


@pytest.fixture
def learn(tmp_path):
    return write_leads(tmp_path / "learn.jsonl", make_leads(150), closed=True)


def test_every_lead_gets_a_probability_in_its_order(learn, tmp_path):
    ask = write_leads(tmp_path / "ask.jsonl", make_leads(30, seed=2), closed=False)
    done = run(learn, ask, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    rows = list(csv.reader(done.stdout.splitlines()))
    assert rows[0] == ["id", "probability"]
    assert [row[0] for row in rows[1:]] == [f"L{n}" for n in range(30)]
    assert all(0 < float(row[1]) < 1 for row in rows[1:])
    assert len({row[1] for row in rows[1:]}) > 10
    assert run(learn, ask).stdout == done.stdout


def test_nothing_to_score_is_an_answer(learn, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    assert run(learn, empty).stdout == "id,probability\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: this is not JSON"),
        ("[1]", "one JSON object is expected"),
        ('{"features": {}}', "an id is missing"),
        ('{"id": 1, "outcome": 2}', "outcome 2 must be 1 or 0"),
        ('{"id": 1, "created": "soon"}', "created 'soon' is not an ISO date"),
        ('{"id": 1, "features": [1]}', "features must be an object"),
        ('{"id": 1, "features": {"tags": ["a"]}}', "feature 'tags' must be"),
    ],
)
def test_bad_input_ends_with_one_sentence(learn, tmp_path, line, says):
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"id": "ok", "created": null, "features": null}\n' + line + "\n")
    done = run(learn, bad)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_file_that_is_not_there(learn):
    done = run(learn, "nowhere.jsonl")
    assert done.returncode == 2 and "nowhere.jsonl: cannot be read" in done.stderr


def test_odd_numbers_are_missing_ones(learn, tmp_path):
    odd = tmp_path / "odd.jsonl"
    huge = "9" * 400
    features = f'{{"seats": NaN, "one": {huge}, "two": 1e999}}'
    odd.write_text(f'{{"id": 1, "features": {features}}}')
    assert run(learn, odd).returncode == 0
