"""What a record does not hold is marked, found again and completed."""

import io
import zipfile

from odoo.addons.crm_documents.lib import marks
from odoo.addons.crm_documents.providers.docx_template import fill_docx

from tests.unit.crm_documents.docx_of_tests import make_docx, words
from tests.unit.crm_documents.offers_of_tests import VALUES


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def mark(label):
    return f"[À compléter : {label}]"


def test_marks_are_found_once_each_whatever_the_editor_made_of_their_spaces():
    text = (
        "<p>[À compléter&nbsp;: SIRET du client] et [À&nbsp;compléter :\nVille]"
        " [À compléter : Nom &amp; prénom] [À compléter : Ville]</p>"
    )
    assert marks.find_in_html(text, mark(marks.LABEL)) == [
        "SIRET du client",
        "Ville",
        "Nom & prénom",
    ]


def test_other_brackets_are_no_marks():
    text = "<p>[1] [À compléter] [À compléter : <b>x</b>]</p>"
    assert marks.find_in_html(text, mark(marks.LABEL)) == []


def test_a_value_is_written_as_text_and_takes_the_colour_away():
    coloured = '<span class="o_crm_missing">[À compléter : Nom]</span>'
    text = f"<p>{coloured}, [À compléter : Nom]</p>"
    done = marks.replace_in_html(text, {mark("Nom"): "A <b> & \\1"})
    assert done == "<p>A &lt;b&gt; &amp; \\1, A &lt;b&gt; &amp; \\1</p>"


def test_lines_of_a_value_stay_lines():
    text = marks.replace_in_html("[À compléter : Nom]", {mark("Nom"): "a\nb"})
    assert text == "a<br>b"


def test_a_mark_of_a_filled_docx_is_completed():
    """Also a label with an apostrophe, which Jinja would write as an entity."""
    label = "Nom de l'auteur & Cie"
    filled = fill_docx(
        make_docx("Par {{ client.siret }}."),
        VALUES | {"client": {}},
        describe=lambda path: (label, False),
        mark=mark,
    )
    assert words(filled.content) == [f"Par {mark(label)}."]
    done = marks.replace_in_docx(filled.content, {mark(label): "Jean <Dupont> & fils"})
    assert words(done) == ["Par Jean <Dupont> & fils."]


def test_the_rest_of_a_docx_stays_as_it_was():
    before = make_docx("x")
    after = marks.replace_in_docx(before, {mark("Nom"): "y"})
    assert parts(before) == parts(after)
