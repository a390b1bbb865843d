"""Documents lead where they say."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"\./crm ([a-z][a-z0-9-]*)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page):
    links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_the_launcher_exist(page):
    help_text = (ROOT / "launcher" / "cli.py").read_text()
    named = set(COMMAND.findall(page.read_text()))
    unknown = {name for name in named if not re.search(rf"\b{name}\b", help_text)}
    assert not unknown


def test_every_decision_is_in_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text()))
    written = {path.name for path in folder.glob("[0-9]*.md")}
    assert listed == written


def test_every_addon_is_in_the_readme():
    text = (ROOT / "README.md").read_text()
    addons = [path.parent.name for path in ROOT.glob("addons/*/__manifest__.py")]
    assert addons
    assert [name for name in addons if f"| `{name}` |" not in text] == []
