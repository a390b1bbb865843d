import pytest

from odoo.addons.crm_billing.lib.template_names import (
    Unknown,
    find_unknown_in_html,
    find_unknown_in_line,
)

MODELS = {
    "message": {"name": "", "line_ids": "line", "company_id": "company", "get": ""},
    "line": {"amount": "", "move_id": "move"},
    "move": {"number": ""},
    "company": {"name": ""},
}
KNOWN = {"object": "message", "format_date": "", "len": "", "user": ""}


def resolve(model, name):
    return MODELS[model].get(name)


def names(source):
    return [u.name for u in find_unknown_in_html(source, KNOWN, resolve)]


@pytest.mark.parametrize(
    "source",
    [
        "",
        "<p>Plain</p>",
        '<p t-out="object.name">x</p>',
        '<p t-out="object.company_id.name or user.whatever">x</p>',
        '<t t-foreach="object.line_ids" t-as="line"><i t-out="line.amount"/></t>',
        '<t t-foreach="object.line_ids" t-as="l"><i t-out="l_index"/></t>',
        '<t t-foreach="object.line_ids[:3]" t-as="l"><i t-out="l.move_id.number"/></t>',
        '<t t-set="c" t-value="object.company_id"/><p t-out="c.name"/>',
        '<a t-att-href="object.get(1)" t-attf-title="#{object.name} {{object.name}}"/>',
        '<p t-if="len([x.y for x in object.line_ids]) > 1">x</p>',
        "<!-- object.nothing --><p>x</p>",
    ],
)
def test_good_texts(source):
    assert names(source) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ('<p t-out="objet.name">x</p>', "objet"),
        ('<p t-out="object.nom">x</p>', "object.nom"),
        ('<p t-if="object.company_id.nom">x</p>', "object.company_id.nom"),
        (
            '<t t-foreach="object.line_ids" t-as="line"><i t-out="line.montant"/></t>',
            "line.montant",
        ),
        (
            '<t t-foreach="object.line_ids" t-as="l"><i t-out="l.move_id.numero"/></t>',
            "l.move_id.numero",
        ),
        ('<t t-foreach="object.line_ids" t-as="l"/><p t-out="l.amount"/>', "l"),
        ('<t t-set="c" t-value="object.company_id"/><p t-out="c.nom"/>', "c.nom"),
        ('<a t-att-href="object.lien"/>', "object.lien"),
        ('<a t-attf-href="/x/#{object.lien}"/>', "object.lien"),
        ('<p t-out="object.name +"/>', "object.name +"),
    ],
)
def test_bad_texts_say_which_name(source, name):
    assert names(source) == [name]


def test_one_line():
    found = find_unknown_in_line("A {{ object.nom }} {{ object.name }}", KNOWN, resolve)
    assert found == [Unknown("object.nom", "object.nom")]
    assert find_unknown_in_line(False, KNOWN, resolve) == []
