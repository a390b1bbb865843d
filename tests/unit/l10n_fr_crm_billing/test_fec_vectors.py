"""The files everybody agrees on: their broken rule, and the verdict of the tool."""

import json
from pathlib import Path

import pytest

from odoo.addons.l10n_fr_crm_billing.lib.fec import check_fec

VECTORS = Path(__file__).resolve().parents[4] / "shared" / "france"
TOOL = {
    "report: conforming": "conforming",
    "report: not conforming": "not_conforming",
    "refused before any report": "refused",
}


def manifest():
    path = VECTORS / "fec_manifest.json"
    if not path.is_file():
        return []
    return json.loads(path.read_text(encoding="utf-8"))["files"]


@pytest.mark.skipif(not manifest(), reason="the shared vectors are not here")
@pytest.mark.parametrize("fact", manifest(), ids=lambda fact: fact["file"])
def test_shared_files_get_their_rule_and_the_tools_verdict(fact):
    path = VECTORS / fact["file"]
    report = check_fec([path.read_bytes()], path.name)
    errors = {rule for rule, weight in report.rules.items() if weight.value == "error"}
    broken = {fact["rule_broken"]} - {None}
    assert broken <= set(report.rules)
    assert errors <= broken | set(fact["also_breaks"])
    assert bool(report.counts) != fact["valid"]
    assert report.tool_verdict.value == TOOL[fact["dgfip_tool"]]
    assert list(report.tool_kinds) == fact["dgfip_kinds"]
