"""A catalogue with a hole, a fuzzy guess or a lost placeholder is refused."""

import polib
import pytest

from launcher.testing import catalogues


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "crm_toy"
    (folder / "models").mkdir(parents=True)
    (folder / "static" / "src").mkdir(parents=True)
    (folder / "models" / "toy.py").write_text(
        'raise UserError(self.env._("Pay %(amount)s now", amount=1))\n'
    )
    (folder / "static" / "src" / "toy.js").write_text('const x = _t("Copied");\n')
    return folder


def write(addon, *entries):
    catalogue = polib.POFile()
    for msgid, msgstr, *flags in entries:
        catalogue.append(polib.POEntry(msgid=msgid, msgstr=msgstr, flags=flags))
    (addon / "i18n").mkdir(exist_ok=True)
    catalogue.save(str(addon / "i18n" / "fr.po"))


GOOD = (
    ("Pay %(amount)s now", "Payez %(amount)s maintenant"),
    ("Copied", "Copi\u00e9"),
)


def test_a_complete_catalogue_passes(addon):
    write(addon, *GOOD)
    assert catalogues.check_addon(addon) == []


@pytest.mark.parametrize(
    ("entry", "trouble"),
    [
        (("Copied", ""), "not translated"),
        (("Copied", "Copi\u00e9", "fuzzy"), "fuzzy"),
        (("Pay %(amount)s now", "Payez %(montant)s"), "placeholders differ"),
        (("See <b>here</b>", "Voir ici"), "tags differ"),
        (("Dear {{ object.name }}", "Bonjour"), "placeholders differ"),
    ],
)
def test_a_faulty_entry_is_named(addon, entry, trouble):
    write(addon, *[good for good in GOOD if good[0] != entry[0]], entry)
    assert [line for line in catalogues.check_addon(addon) if trouble in line]


def test_a_term_of_the_sources_must_be_there(addon):
    write(addon, GOOD[0])
    (line,) = catalogues.check_addon(addon)
    assert "missing 'Copied' (static/src/toy.js:1)" in line


def test_no_catalogue_at_all_is_a_fault(addon):
    assert catalogues.check_addon(addon) == ["crm_toy: no i18n/fr.po"]


def test_an_export_adds_and_removes_terms(addon, tmp_path):
    write(addon, *GOOD, ("Gone", "Parti"))
    template = polib.POFile()
    for msgid in ("Pay %(amount)s now", "Copied", "Paid"):
        occurrence = [("model:ir.model.fields,field_description:x", "")]
        template.append(polib.POEntry(msgid=msgid, occurrences=occurrence))
    template.save(str(tmp_path / "crm_toy.pot"))
    lines = catalogues.check_addon(addon, tmp_path)
    assert any("missing 'Paid' (model:ir.model" in line for line in lines)
    assert any("'Gone' is no term" in line for line in lines)

    assert catalogues.update_addon(addon, tmp_path) == 1
    kept = polib.pofile(str(addon / "i18n" / "fr.po"))
    assert [(e.msgid, e.msgstr) for e in kept] == [*GOOD, ("Paid", "")]
