"""A template written in the editor: what it says, what it refuses."""

import time

import pytest

from odoo.addons.crm_documents.lib.checks import (
    find_options,
    find_paths,
    read_template,
)
from odoo.addons.crm_documents.lib.html_render import DocumentTooLarge
from odoo.addons.crm_documents.lib.problems import TemplateRefused
from odoo.addons.crm_documents.lib.values import Value

from tests.unit.crm_documents.offers_of_tests import OFFERS, VALUES, fill, line


def problems(source):
    with pytest.raises(TemplateRefused) as refused:
        read_template(source, OFFERS)
    return [(p.code, p.line, p.suggestion) for p in refused.value.problems]


def test_values_are_written_and_escaped():
    assert fill("<p>Pour {{ client.nom }}.</p>").text == (
        "<p>Pour TechCorp &amp; fils.</p>"
    )


@pytest.mark.parametrize(
    "written",
    [
        "{{client.nom}}",
        "{{ client.nom }}",
        "{{\u00a0client.nom\ufeff }}",
        "{{ <b>client</b>.nom }}",
        "{{ client.<span style='color: red'>nom</span> }}",
    ],
)
def test_what_an_editor_leaves_inside_the_braces_does_not_matter(written):
    assert "TechCorp &amp; fils" in fill(f"<p>{written}</p>").text


def test_markup_of_a_client_stays_text():
    values = {**VALUES, "client": {"nom": Value("<script>x</script>{{ devis }}")}}
    text = fill("<p>{{ client.nom }}</p>", values=values).text
    assert text == "<p>&lt;script&gt;x&lt;/script&gt;{{ devis }}</p>"


def test_offered_markup_is_written_without_what_could_run():
    html = '<p onclick="x()">A {{ client.nom }}<script>y</script></p>'
    values = {**VALUES, "devis": {"conditions": Value(html, kind="html")}}
    text = fill("<div>{{ devis.conditions }}</div>", values=values).text
    assert text == "<div><p>A {{ client.nom }}</p></div>"


def test_a_row_of_a_table_is_repeated():
    source = (
        "<table><tbody><tr><td>{% pour ligne dans devis.lignes %}"
        "{{ ligne.designation }}</td><td><p>{{ ligne.quantite }}{% fin %}</p></td></tr>"
        "</tbody></table>"
    )
    assert fill(source).text == (
        "<table><tbody><tr><td>Cadrage</td><td><p>4</p></td></tr>"
        "<tr><td>Formation</td><td><p>2</p></td></tr></tbody></table>"
    )


def test_rows_between_two_rows_that_only_hold_the_markers_are_repeated():
    source = (
        "<table><tr><td colspan='2'>{% pour ligne dans devis.lignes %}</td></tr>"
        "<tr><td>{{ ligne.designation }}</td></tr><tr><td>{% fin %}</td></tr></table>"
    )
    assert fill(source).text == (
        "<table><tr><td>Cadrage</td></tr><tr><td>Formation</td></tr></table>"
    )


def test_an_item_of_a_list_is_repeated_with_its_bullet():
    source = (
        "<ul><li>{% pour l dans devis.lignes %}{{ l.designation }}{% fin %}</li></ul>"
    )
    assert fill(source).text == "<ul><li>Cadrage</li><li>Formation</li></ul>"


def test_paragraphs_between_two_markers_alone_are_kept_or_left_out():
    source = "<p>{% si client.siret %}</p><p>SIRET</p><p>{% sinon %}</p><p>Sans</p>"
    assert fill(f"{source}<p>{{% fin %}}</p>").text == "<p>Sans</p>"


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("client.nom", True),
        ("non client.nom", False),
        ("not client.siret", True),
        ("devis.total_ht > 10000", True),
        ("devis.total_ht &lt;= 24 999", None),
        ("devis.total_ht &lt;= 24999,99", False),
        ("client.nom = “techcorp &amp; fils”", True),
        ("client.nom != 'X'", True),
        ("client.nom &gt; 5", False),
        ("devis.lignes", True),
    ],
)
def test_conditions(condition, kept):
    source = f"<p>a{{% si {condition} %}}b{{% fin %}}</p>"
    if kept is None:
        assert problems(source)[0][0] == "syntax"
    else:
        assert fill(source).text == ("<p>ab</p>" if kept else "<p>a</p>")


def test_an_optional_section_is_kept_unless_the_writer_leaves_it_out():
    source = "<p>a</p><div>{% option Maintenance annuelle %}</div><p>b</p>{% fin %}"
    nodes = read_template(source, OFFERS)
    assert find_options(nodes) == ["Maintenance annuelle"]
    assert fill(source).text == "<p>a</p><p>b</p>"
    assert fill(source, {"Maintenance annuelle": False}).text == "<p>a</p>"


def test_missing_values_are_marked_and_listed_once():
    source = "<p>{{ client.siret }} {{ client.siret }} {{ client.complement }}|</p>"
    result = fill(source)
    assert result.text.count("[À compléter : SIRET du client]") == 2
    assert [(m.path, m.label) for m in result.missing] == [
        ("client.siret", "SIRET du client")
    ]
    assert result.text.endswith(" |</p>")


def test_a_missing_value_that_is_not_shown_is_not_missed():
    assert not fill("<p>{% si client.siret %}{{ client.siret }}{% fin %}</p>").missing


def test_a_missing_value_of_a_row_is_named_after_its_list():
    values = {**VALUES, "devis": {"lignes": (line("", 1), line("", 2))}}
    result = fill(
        "<p>{% pour l dans devis.lignes %}{{ l.designation }}{% fin %}</p>",
        values=values,
    )
    assert [(m.path, m.label) for m in result.missing] == [
        ("devis.lignes.designation", "Désignation")
    ]


def test_filters():
    assert fill("<p>{{ client.nom | majuscules }}</p>").text == (
        "<p>TECHCORP &amp; FILS</p>"
    )
    result = fill('<p>{{ client.siret | sinon("non communiqué") }}</p>')
    assert result.text == "<p>non communiqué</p>" and not result.missing


def test_an_unknown_name_is_refused_with_its_line_and_a_suggestion():
    source = "<p>Un</p><p>Deux {{ client.nme }}</p><ul><li>{{ clinet.siret }}</li></ul>"
    assert problems(source) == [
        ("unknown", 2, "client.nom"),
        ("unknown", 3, "client.siret"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Nom_du_client", "client.nom"),
        ("client.désignation", None),
        ("nom", "client.nom"),
        ("devis.total", "devis.total_ht"),
        ("xyz.qwerty", None),
    ],
)
def test_suggestions(written, meant):
    code, _line, suggestion = problems(f"<p>{{{{ {written} }}}}</p>")[0]
    assert (code, suggestion) == ("unknown", meant)


def test_a_row_is_known_only_inside_its_loop():
    source = "<p>{% pour l dans devis.lignes %}{{ l.quantite }}{% fin %}</p>"
    fill(source)
    assert problems(f"{source}<p>{{{{ l.quantite }}}}</p>")[0][:2] == ("unknown", 2)
    assert problems("<p>{{ devis.lignes.designation }}</p>")[0][0] == "unknown"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("<p>{{ client }}</p>", "group"),
        ("<p>{{ devis.lignes }}</p>", "list"),
        ("<p>{% pour x dans client.nom %}{% fin %}</p>", "not_list"),
        ("<p>{{ client.nom</p>", "cut"),
        ("<p>{{ cli<b>ent.nom }}</b></p>", "cut"),
        ("<p>{% fin %}</p>", "unopened"),
        ("<p>a{% si client.nom %}b</p>", "unclosed"),
        ("<p>a{% si client.nom %}b</p><p>c{% fin %}</p>", "unclosed"),
        ("<p>{% sinon %}</p>", "else"),
        (
            "<p>{% pour x dans devis.lignes %}{% sinon %}{% fin %}</p>",
            "else",
        ),
        ('<p><a href="{{ client.nom }}">x</a></p>', "attribute"),
        ('<p><a href="%7B%7Bclient.nom%7D%7D">x</a></p>', "attribute"),
        ('<p><img src="http://10.0.0.1/x.png"></p>', "image"),
        ('<p><img src="//evil.example/x.png"></p>', "image"),
        ('<p><img src="file:///etc/passwd"></p>', "image"),
        ('<p><img src="/web/image/../../x"></p>', "image"),
        ("<p style=\"background: url('http://x/y')\">x</p>", "image"),
        ("<p>" + "{% si client.nom %}" * 5 + "{% fin %}" * 5 + "</p>", "too_deep"),
    ],
)
def test_faults(source, code):
    assert problems(source)[0][0] == code


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ client.nom.__class__.__mro__ }}",
        "{{ client['nom'] }}",
        "{{ ''.__class__ }}",
        "{{ 7*7 }}",
        "{{ client.nom() }}",
        "{{ self }}",
        "{{ lipsum.__globals__ }}",
        "{{ client.nom | attr('x') }}",
        "{{ client.nom | safe }}",
        "{{ client.nom|sinon }}",
        "{% set x = 1 %}",
        "{% include 'x' %}",
        "{% for x in range(10) %}{% fin %}",
        "{% if client.nom.__len__() %}{% fin %}",
        "{% pour self dans devis.lignes %}{% fin %}",
        "{% pour __x dans devis.lignes %}{% fin %}",
        "{{ " + "a" * 500 + " }}",
    ],
)
def test_hostile_templates_are_refused(hostile):
    assert problems(f"<p>{hostile}</p>")


def test_no_name_reaches_an_attribute_of_a_value():
    """Were the check passed by, the values would still answer by keys only."""
    from odoo.addons.crm_documents.lib.values import EMPTY, lookup

    for path in ("client.nom.text", "client.keys", "devis.lignes.count", "__class__"):
        assert lookup(VALUES, path.split(".")) is EMPTY


def test_huge_texts_and_endless_rows_end_soon():
    assert problems("<p>" + "x" * 4_000_001 + "</p>")[0][0] == "too_large"
    rows = tuple(line(f"Ligne {i}", i) for i in range(3000))
    values = {**VALUES, "devis": {"lignes": rows}}
    source = "<p>{% pour l dans devis.lignes %}{{ l.designation }}{% fin %}</p>"
    with pytest.raises(DocumentTooLarge):
        fill(source, values=values)
    nested = (
        "<p>{% pour a dans devis.lignes %}{% pour b dans devis.lignes %}"
        "{{ b.designation }}{% fin %}{% fin %}</p>"
    )
    values = {**VALUES, "devis": {"lignes": rows[:100]}}
    with pytest.raises(DocumentTooLarge):
        fill(nested, values=values)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 3000 + "x" + "</div>" * 3000,
        "<p>" + "{{ " * 20000 + "</p>",
        "<p>" + "{% si client.nom %}" * 5000 + "</p>",
        "<p>" + "{{ <b>" * 20000 + "</p>",
    ],
)
def test_texts_made_to_be_slow_are_refused_fast(source):
    start = time.perf_counter()
    assert problems(source)
    assert time.perf_counter() - start < 10


def test_pictures_of_our_own_server_are_kept():
    source = '<p><img src="/web/image/12-ab/x.png"></p>'
    assert fill(source).text == source


def test_paths_read_by_a_template():
    nodes = read_template(
        "<p>{{ client.nom }}{% pour l dans devis.lignes %}{{ l.quantite }}"
        "{{ client.siret }}{% fin %}</p>",
        OFFERS,
    )
    assert find_paths(nodes) == [
        ("client", "nom"),
        ("client", "siret"),
        ("devis", "lignes"),
    ]


def test_places_of_signatures_stay_in_the_text():
    source = "<p>{{ sign:1 }} {{text:2: Nom du signataire}}</p>"
    assert fill(source).text == "<p>{{sign:1}} {{text:2:Nom du signataire}}</p>"
    assert problems("<p>{{ sign:x }}</p>")[0][0] == "syntax"
