"""What is typed after ./crm test decides which stages run, and on what."""

import argparse

import pytest

from launcher import testing
from launcher.console import Trouble
from launcher.testing.coverage import Lines, judge, per_addon
from launcher.testing.pipeline import choose_targets


@pytest.fixture
def root(tmp_path):
    for name in (
        "addons/crm_toy/tests",
        "addons/crm_dry",
        "tests/unit/crm_toy",
        "tests/install",
        "tests/e2e",
        "tests/addons/crm_toy_test",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "tests/e2e/test_pay.py").touch()
    (tmp_path / "README.md").touch()
    return tmp_path


def choose(root, *words):
    parser = argparse.ArgumentParser()
    testing.add_arguments(parser)
    return choose_targets(parser.parse_args(words), root)


def test_everything_by_default_cheap_first(root):
    chosen = choose(root)
    assert list(chosen) == ["lint", "unit", "addons", "install", "e2e"]
    assert not any(chosen.values())


def test_words_leave_out_what_has_no_names(root):
    assert list(choose(root, "-k", "secret")) == ["unit", "addons", "e2e"]


def test_stages_keep_their_order(root):
    assert list(choose(root, "--e2e", "--lint")) == ["lint", "e2e"]


def test_an_addon_is_its_unit_and_its_addon_tests(root):
    assert choose(root, "addons/crm_toy") == {
        "unit": ["tests/unit/crm_toy"],
        "addons": ["addons/crm_toy"],
    }
    assert choose(root, "addons/crm_dry") == {"addons": ["addons/crm_dry"]}
    assert choose(root, "--addons", "addons/crm_toy") == {"addons": ["addons/crm_toy"]}


def test_a_path_finds_its_stage_and_keeps_the_name_of_a_test(root):
    assert choose(root, "tests/e2e/test_pay.py::test_a") == {
        "e2e": ["tests/e2e/test_pay.py::test_a"]
    }
    assert choose(root, "tests/addons/crm_toy_test") == {
        "addons": ["tests/addons/crm_toy_test"]
    }


@pytest.mark.parametrize("target", ["addons/crm_none", "README.md", "addons"])
def test_what_no_stage_runs_is_said(root, target):
    with pytest.raises(Trouble):
        choose(root, target)


def test_coverage_is_judged_addon_by_addon():
    files = {
        "addons/crm_a/lib/x.py": (10, 10),
        "addons/crm_a/models/y.py": (10, 7),
        "addons/crm_b/lib/x.py": (10, 7),
        "elsewhere.py": (10, 0),
    }
    addons = per_addon(
        {
            "files": {
                name: {"summary": {"num_statements": total, "covered_lines": covered}}
                for name, (total, covered) in files.items()
            }
        }
    )
    assert addons == {"crm_a": Lines(20, 17), "crm_b": Lines(10, 7)}
    good, bad = judge(addons)
    assert not good.failure
    assert "70.0 %" in bad.failure
