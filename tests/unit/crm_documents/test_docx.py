"""Uploaded DOCX templates: filled from the same values, hostile ones never opened."""

import io
import time
import zipfile
from decimal import Decimal

import pytest

from odoo.addons.crm_documents.lib.checks import check_markers
from odoo.addons.crm_documents.lib.docx_language import rewrite
from odoo.addons.crm_documents.lib.grammar import MarkerError
from odoo.addons.crm_documents.lib.html_render import DocumentTooLarge
from odoo.addons.crm_documents.lib.office_file import (
    FileRefused,
    inspect,
    read_markers,
)
from odoo.addons.crm_documents.lib.values import Value
from odoo.addons.crm_documents.providers.docx_template import DocxFailed, fill_docx

from tests.unit.crm_documents.docx_of_tests import (
    add_parts,
    make_docx,
    replace_parts,
    words,
)
from tests.unit.crm_documents.offers_of_tests import OFFERS, VALUES, describe, line

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00"
    b"\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00"
    b"\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


def check(content):
    markers, problems = read_markers(inspect(content))
    return problems + check_markers(markers, OFFERS)


def fill(content, values=None, options=None):
    return fill_docx(
        content,
        values or VALUES,
        describe=describe,
        mark=lambda label: f"[À compléter : {label}]",
        options=options,
    )


def test_a_docx_is_filled_from_the_same_names():
    content = make_docx(
        "Pour {{ client.nom | majuscules }}",
        "SIRET {{ client.siret }}",
        "{%p si devis.total_ht > 10000 %}",
        "Gros projet",
        "{%p sinon %}",
        "Petit projet",
        "{%p fin %}",
        "Tutoiement {% option Maintenance %}avec{% sinon %}sans{% fin %} maintenance",
        "{{ devis.conditions }}",
        table=(
            ("{%tr pour ligne dans devis.lignes %}", ""),
            ("{{ ligne.designation }}", "{{ ligne.quantite }}"),
            ("{%tr fin %}", ""),
        ),
        header="{{ devis.total_ht }}",
    )
    assert check(content) == []
    result = fill(content, options={"Maintenance": False})
    assert words(result.content) == [
        "Pour TECHCORP & FILS",
        "SIRET [À compléter : SIRET du client]",
        "Gros projet",
        "Tutoiement sans maintenance",
        "Paiement à 30 jours",
        "Cadrage|4",
        "Formation|2",
        "25 000,00 €",
    ]
    assert [m.path for m in result.missing] == ["client.siret"]


def test_values_cannot_write_markers_or_markup():
    name = 'A & B <w:p> {{ devis }} {% si %} "x"\x0b\nligne 2'
    values = {**VALUES, "client": {"nom": Value(name)}}
    result = fill(make_docx("{{ client.nom }}"), values)
    assert words(result.content) == ['A & B <w:p> {{ devis }} {% si %} "x"\nligne 2']


def test_pictures_are_put_in_and_what_is_none_is_left_out():
    content = make_docx("Logo {{ entreprise.logo | sinon('') }}.")
    assert words(fill(content).content) == ["Logo ."]
    values = {**VALUES, "entreprise": {"logo": Value(kind="image", image=PNG)}}
    with zipfile.ZipFile(io.BytesIO(fill(content, values).content)) as archive:
        assert any(n.startswith("word/media/") for n in archive.namelist())
    values = {**VALUES, "entreprise": {"logo": Value(kind="image", image=b"%PDF")}}
    assert words(fill(content, values).content) == ["Logo ."]


def test_unknown_names_and_open_sections_have_their_paragraph():
    content = make_docx(
        "Bonjour", "{{ client.nme }}", "{%p si client.nom %}", header="{{ x y }}"
    )
    found = [(p.code, p.line, p.suggestion) for p in check(content)]
    assert ("unknown", 2, "client.nom") in found
    assert ("unclosed", 3, None) in found
    assert any(code == "syntax" for code, _line, _hint in found)


def test_a_missing_value_of_a_row_is_named_after_its_list():
    values = {**VALUES, "devis": {"lignes": (line("", 1),)}}
    content = make_docx("{% pour l dans devis.lignes %}{{ l.designation }}{% fin %}")
    result = fill(content, values)
    assert [m.path for m in result.missing] == ["devis.lignes.designation"]
    assert words(result.content) == ["[À compléter : Désignation]"]


HOSTILE = (
    "{{ client.__class__.__mro__ }}",
    "{{ ''.__class__ }}",
    "{{ client['nom'].__init__.__globals__ }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{% set x = client %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% macro m() %}{% endmacro %}",
    "{% for x in range(999999999) %}{% endfor %}",
    "{{ client.nom | attr('__class__') }}",
    "{{r client.nom }}",
    "{% cellbg client.nom %}",
    "{% vm %}",
    "{%- si client.nom %}{% fin %}",
    "{# comment #}",
    "{% pour self dans devis.lignes %}{% fin %}",
)


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markers_are_refused_at_save(source):
    assert check(make_docx(f"a {source} b"))


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_markers_fail_when_filled_all_the_same(source):
    """The second wall: a file that nobody checked gives no file."""
    try:
        result = words(fill(make_docx(f"a {source} b")).content)
    except DocxFailed:
        return
    # docxtpl takes "vm" for its own word; what stays must be plain words.
    assert not any(word in str(result) for word in ("class", "root:", "uid=", "mro"))


def test_what_reaches_jinja_is_only_our_rewriting():
    source = (
        '{% pour l dans devis.lignes %}{{ l.nom | sinon("a }} \\" %} b") }}'
        "{% si non l.x %}{% option A b %}{% fin %}{% sinon %}{% fin %}{% fin %}"
    )
    assert rewrite(source.replace(' }} \\" %} b', "' b")) == (
        '{% for l in devis["lignes"]|_rows %}'
        '{{ l["nom"]|_write("devis.lignes.nom", '
        '"\\u007b\\u0022sinon\\u0022\\u003a \\u0022a\\u0027 b\\u0022\\u007d") }}'
        '{% if not l["x"]|_true %}{% if _options|_kept("A b") %}{% endif %}'
        "{% else %}{% endif %}{% endfor %}"
    )
    for bad in ("{{ a() }}", "{% fin %}", "{% si a %}", "{# x #}", "{% sinon %}"):
        with pytest.raises(MarkerError):
            rewrite(bad)


def test_rows_without_end_are_refused():
    rows = tuple(line(f"Ligne {i}", i) for i in range(2001))
    values = {**VALUES, "devis": {"lignes": rows, "total_ht": Value("", Decimal(0))}}
    with pytest.raises(DocumentTooLarge):
        fill(
            make_docx("{% pour l dans devis.lignes %}{{ l.quantite }}{% fin %}"), values
        )


def refused(content):
    with pytest.raises(FileRefused) as error:
        inspect(content)
    return error.value.reason


def test_what_is_no_docx():
    assert refused(b"") == "not_docx"
    assert refused(b"PK\x03\x04" + b"\0" * 50) == "not_docx"
    assert refused(b"%PDF-1.7") == "not_docx"
    spreadsheet = io.BytesIO()
    with zipfile.ZipFile(spreadsheet, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    assert refused(spreadsheet.getvalue()) == "not_docx"
    assert refused(b"0" * 10_000_001) == "too_large"
    assert refused(make_docx("x")[:-200]) == "not_docx"
    broken = replace_parts(make_docx("x"), {}, {"word/document.xml": lambda b: b[:-9]})
    assert refused(broken) == "not_docx"


def test_bombs():
    bomb = add_parts(make_docx("x"), word__media__a="0" * 70_000_000)
    dense = add_parts(make_docx("x"), word__theme__b="0" * 5_000_000)
    many = replace_parts(make_docx("x"), {f"word/x{i}": b"" for i in range(2500)})
    start = time.perf_counter()
    assert [refused(content) for content in (bomb, dense, many)] == ["bomb"] * 3
    assert time.perf_counter() - start < 10


def test_an_announced_size_is_not_believed():
    content = bytearray(add_parts(make_docx("x"), word__media__a="0" * 70_000_000))
    at = content.rfind(b"word/media/a") - 46
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refused(bytes(content)) in ("bomb", "not_docx")


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("word/vbaProject.bin", "macros"),
        ("word/activeX/activeX1.xml", "macros"),
        ("word/embeddings/sheet.xlsx", "embedded"),
        ("word/afchunk1.html", "embedded"),
        ("../evil.xml", "not_docx"),
    ],
)
def test_parts_that_could_run(part, reason):
    assert refused(replace_parts(make_docx("x"), {part: b"<x/>"})) == reason


def test_a_macro_type_without_its_part_is_refused():
    def to_macro(body):
        return body.replace(
            b"wordprocessingml.document.main+xml",
            b"wordprocessingml.document.macroEnabled.main+xml",
        )

    content = replace_parts(make_docx("x"), {}, {"[Content_Types].xml": to_macro})
    assert refused(content) == "macros"


@pytest.mark.parametrize(
    ("kind", "target", "reason"),
    [
        ("attachedTemplate", "http://evil.example/t.dotm", "external"),
        ("image", "http://10.0.0.1/x.png", "external"),
        ("oleObject", "http://evil.example/x", "external"),
        ("hyperlink", "file:///etc/passwd", "external"),
        ("hyperlink", "javascript:alert(1)", "external"),
        ("hyperlink", "https://example.com/", None),
    ],
)
def test_what_would_be_fetched(kind, target, reason):
    relation = (
        '<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/office'
        f'Document/2006/relationships/{kind}" Target="{target}" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    content = replace_parts(
        make_docx("x"),
        {},
        {
            "word/_rels/document.xml.rels": lambda body: body.replace(
                b"</Relationships>", relation
            )
        },
    )
    if reason:
        assert refused(content) == reason
    else:
        assert inspect(content).paragraphs[0] == "x"


def test_entities_and_fetching_fields():
    def with_entity(body):
        at = body.index(b"?>") + 2
        return body[:at] + b'<!DOCTYPE x [<!ENTITY a "b">]>' + body[at:]

    content = replace_parts(make_docx("x"), {}, {"word/document.xml": with_entity})
    assert refused(content) == "entities"

    def with_field(body):
        field = b'<w:p><w:fldSimple w:instr=" INCLUDETEXT c:\\\\x "/></w:p>'
        return body.replace(b"<w:body>", b"<w:body>" + field)

    content = replace_parts(make_docx("x"), {}, {"word/document.xml": with_field})
    assert refused(content) == "external"


def test_places_of_signatures_stay_in_the_file():
    content = make_docx("Signature {{ sign:1 }} {{text:2:Nom}}")
    assert check(content) == []
    assert words(fill(content).content) == ["Signature {{sign:1}} {{text:2:Nom}}"]
