"""How-to answers come from our documentation."""

import json
from pathlib import Path

import pytest

from odoo.addons.crm_ai_assistant.lib import help_index, references, tools
from odoo.addons.crm_ai_assistant.lib.periods import bounds

ROOT = Path(__file__).resolve().parents[3]
FILE = ROOT / "addons/crm_ai_assistant/data/help_fr.json"
DOCUMENTS = {path.name: path.read_text() for path in (ROOT / "docs/fr").glob("*.md")}
PAGES = json.loads(FILE.read_text())


def test_what_is_shipped_is_in_the_documentation():
    now = help_index.build(DOCUMENTS)
    gone = help_index.titles(PAGES) - help_index.titles(now)
    assert not gone, "make data/help_fr.json anew, see docs/developers/assistant.md"
    assert len(PAGES) > 60


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Comment envoyer un lien de paiement ?", "liens-de-paiement.md"),
        ("comment faire signer un document", "signature.md"),
        ("Comment exporter le FEC ?", "fec.md"),
        ("comment suspendre les relances d'un client ?", "relances.md"),
    ],
)
def test_a_question_finds_its_page(question, document):
    found = help_index.search(question, PAGES)
    assert found[0]["document"] == document


@pytest.mark.parametrize("question", ["comment cuisiner un gratin", "comment", ""])
def test_another_question_finds_nothing(question):
    assert not help_index.search(question, PAGES)


def test_passages_are_plain_and_short():
    text = (
        "# Page\n\nUn [lien](x.md) et **gras**, assez long pour être gardé ici.\n\n"
        "| a | b |\n|---|---|\n\n## Suite\n```\n# code\n```\n- un point\n- un autre"
        " point, assez long pour rester\n"
    )
    first, second = help_index.build({"a.md": text})
    assert first["text"] == "Un lien et gras, assez long pour être gardé ici."
    assert second["page"] == "Page" and "code" not in second["text"]
    assert all(len(page["text"]) < 2000 for page in PAGES)


def test_every_tool_has_a_schema_that_vendors_take():
    offered = tools.all_tools()
    assert len(offered) == len(tools.TOOLS) <= 12
    for tool in offered:
        assert tool.schema["required"] == list(tool.schema["properties"])
        assert tool.description
    assert set(tools.PROPOSALS) < {tool.name for tool in offered}


def test_handles_are_read_as_models_write_them():
    for text in (
        "[AFFAIRE_12]",
        "affaire_12",
        "**[Affaire_12]**",
        "\\[AFFAIRE\\_12\\]",
    ):
        assert references.read_handle(text) == ("crm.lead", 12)
    for text in ("AFFAIRE 12", "affaires", "[PERSONNE_1]", ""):
        assert references.read_handle(text) is None


def test_periods_are_half_open():
    from datetime import date

    day = date(2026, 12, 31)
    assert bounds("this_month", day) == (date(2026, 12, 1), date(2027, 1, 1))
    assert bounds("next_month", day) == (date(2027, 1, 1), date(2027, 2, 1))
    assert bounds("last_month", date(2026, 1, 5)) == (
        date(2025, 12, 1),
        date(2026, 1, 1),
    )
    assert bounds("this_quarter", day) == (date(2026, 10, 1), date(2027, 1, 1))
    assert bounds("this_week", day) == (date(2026, 12, 28), date(2027, 1, 4))
