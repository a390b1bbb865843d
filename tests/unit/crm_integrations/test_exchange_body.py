"""What is stored of a body, and what a reader is shown of it."""

import json

import pytest

from odoo.addons.crm_integrations.lib import body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"plain",
        '{"nom": "Océane"}'.encode(),
        b'{"a":  1}\r\n\t ',
        b"\xff\xfe\x00\x01",
        b"text with a \x00 inside",
        "emoji \N{ROCKET}".encode(),
    ],
)
def test_the_exact_bytes_come_back(raw):
    text, encoding = body.encode_body(raw)
    assert "\x00" not in text
    assert body.decode_body(text, encoding) == raw


def preview(value):
    return body.preview(json.dumps(value).encode())


class TestPreview:
    def test_it_is_indented_and_keeps_accents(self):
        assert preview({"titre": "Été"}) == '{\n  "titre": "Été"\n}'

    @pytest.mark.parametrize(
        "hidden",
        [
            {"email": "henri.dupont@example.com"},
            {"note": "call henri.dupont@example.com today"},
            {"customer_details": {"name": "henri.dupont", "phone": "+33612345678"}},
            {"list": [{"line1": "henri.dupont street"}]},
            {"secret": "henri.dupont"},
            {"api_key": "sk_test_henri.dupont"},
            {"note": "tel 06 12 34 56 78, henri.dupont@x.fr"},
        ],
    )
    def test_people_and_secrets_are_masked(self, hidden):
        shown = preview(hidden)
        assert "henri.dupont" not in shown
        assert "12 34" not in shown
        assert "612345" not in shown

    def test_facts_stay(self):
        facts = {
            "amount": 120000,
            "currency": "eur",
            "created": 1772438400,
            "id": "evt_1QaBcDeFgHiJkLmN",
            "status": "paid",
            "paid": True,
            "nothing": None,
        }
        assert json.loads(preview(facts)) == facts

    def test_a_list_and_a_form_are_masked_too(self):
        assert "marie" not in body.preview(b'[{"email": "marie@example.com"}]')
        assert "marie" not in body.preview(b"email=marie@example.com&amount=12")

    def test_bytes_are_only_counted(self):
        assert body.preview(b"\xff\x00\x01") == "(3 bytes)"

    def test_a_huge_body_is_cut(self):
        shown = preview({"lines": ["x" * 100] * 1000})
        assert len(shown) < body.PREVIEW_MAX_CHARS + 20
        assert shown.endswith("[...]")

    def test_the_full_view_hides_nothing(self):
        raw = b'{"email":"marie@example.com"}'
        assert body.pretty(raw) == '{\n  "email": "marie@example.com"\n}'
        assert body.pretty(b"not json") == "not json"
