"""The same quotation always gives the same bytes; another one never."""

from decimal import Decimal

import pytest

from odoo.addons.crm_quotes.lib.first_invoice import (
    DEPOSIT,
    NONE,
    WHOLE,
    choose_first_invoice,
)
from odoo.addons.crm_quotes.lib.readers import find_version_to_compare, is_person
from odoo.addons.crm_quotes.lib.snapshot import (
    canonical_json,
    find_damage,
    fingerprint,
    number_text,
    sha256_hex,
)
from odoo.addons.crm_quotes.lib.text_diff import MAX_WORDS, compare_texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (800.0, "800"),
        (0.1 + 0.2, "0.3"),
        (720.5, "720.5"),
        (0.0, "0"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (0.333333333, "0.333333"),
        (Decimal("12.50"), "12.5"),
        (100, "100"),
        (-1.25, "-1.25"),
    ],
)
def test_number_text(value, text):
    assert number_text(value) == text


def test_number_text_rounds_to_the_currency():
    assert number_text(12.345, 2) in ("12.34", "12.35")
    assert number_text(1000.0, 0) == "1000"


def test_canonical_json_does_not_depend_on_order():
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'
    assert sha256_hex("é") == sha256_hex("é".encode())


def make(**line):
    return {
        "order": {"partner": {"id": 1, "text": "A"}, "note": ""},
        "lines": [{"key": "k", "kind": "line", "name": "X", "quantity": "1", **line}],
        "totals": {"untaxed": "1", "tax": "0", "total": "1"},
    }


def test_fingerprint_ignores_keys_and_products():
    assert fingerprint(make()) == fingerprint(make(key="z", product={"id": 4}))


@pytest.mark.parametrize(
    "line", [{"name": "Y"}, {"quantity": "2"}, {"kind": "line_note"}, {"discount": "5"}]
)
def test_fingerprint_sees_every_word(line):
    assert fingerprint(make()) != fingerprint(make(**line))


def test_fingerprint_follows_records_not_their_names():
    renamed = make()
    renamed["order"] = {"partner": {"id": 1, "text": "B"}, "note": ""}
    other = make()
    other["order"] = {"partner": {"id": 2, "text": "A"}, "note": ""}
    assert fingerprint(renamed) == fingerprint(make())
    assert fingerprint(other) != fingerprint(make())


def test_fingerprint_sees_the_order_of_lines():
    two = make()
    two["lines"] = [*make()["lines"], *make(name="Y")["lines"]]
    turned = {**two, "lines": two["lines"][::-1]}
    assert fingerprint(two) != fingerprint(turned)


def test_texts_word_by_word():
    assert compare_texts("Payer à 30 jours", "Payer à 45 jours") == [
        ("same", "Payer à "),
        ("removed", "30"),
        ("added", "45"),
        ("same", " jours"),
    ]
    assert compare_texts("", "Neuf") == [("added", "Neuf")]
    assert compare_texts("Vieux", "") == [("removed", "Vieux")]
    assert compare_texts("", "") == []


@pytest.mark.parametrize(
    ("before", "after"), [("a b c", "c b a"), ("un\ndeux", "un\n\ndeux trois")]
)
def test_pieces_give_both_texts_back(before, after):
    pieces = compare_texts(before, after)
    assert "".join(t for kind, t in pieces if kind != "added") == before
    assert "".join(t for kind, t in pieces if kind != "removed") == after


def test_a_book_is_shown_twice_rather_than_compared():
    long = "mot " * MAX_WORDS
    assert compare_texts(long, "court") == [("removed", long), ("added", "court")]


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/605.1",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537.36",
    ],
)
def test_people(agent):
    assert is_person(agent)


@pytest.mark.parametrize(
    "agent",
    [
        None,
        "",
        "python-requests/2.34",
        "curl/8.1",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1",
        "WhatsApp/2.23.20.0",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (compatible; BarracudaLinkProtection)",
    ],
)
def test_programs(agent):
    assert not is_person(agent)


@pytest.mark.parametrize(
    ("readings", "current", "expected"),
    [
        ([], 2, None),
        ([(1, "a")], 2, 1),
        # Read now, in this very visit: the news stay on the page.
        ([(1, "a"), (2, "now")], 2, 1),
        # Read the other day: no news.
        ([(1, "a"), (2, "b")], 2, None),
        ([(1, "a"), (3, "b")], 4, 3),
        # What is on the page is not a version yet.
        ([(1, "a")], 0, 1),
        ([(0, "a")], 1, None),
        ([(1, "now")], 2, 1),
    ],
)
def test_version_to_compare(readings, current, expected):
    assert find_version_to_compare(readings, current, "now") == expected


def keep(pdf=b"", previous=""):
    """A version as it is kept: its text and hash."""
    digest = sha256_hex(pdf) if pdf else ""
    text = canonical_json({"pdf_sha256": digest, "previous": previous, "quote": {}})
    return text, sha256_hex(text)


@pytest.mark.parametrize(("pdf", "previous"), [(b"", ""), (b"%PDF", "a" * 64)])
def test_a_version_as_it_was_kept_has_no_damage(pdf, previous):
    assert find_damage(*keep(pdf, previous), pdf, previous) == ""


@pytest.mark.parametrize(
    ("content", "pdf", "previous", "expected"),
    [
        ('{"quote":{"price":1}}', b"%PDF", "a", "content"),
        (None, b"%PDf", "a", "pdf"),
        (None, b"", "a", "pdf"),
        (None, b"%PDF", "b", "chain"),
        (None, b"%PDF", "", "chain"),
    ],
)
def test_damage_is_found(content, pdf, previous, expected):
    text, digest = keep(b"%PDF", "a")
    assert find_damage(content or text, digest, pdf, previous) == expected


@pytest.mark.parametrize(
    ("is_wanted", "is_signed", "percent", "expected"),
    [
        (True, True, 30, DEPOSIT),
        (True, False, 30, DEPOSIT),
        (True, True, 0, WHOLE),
        (True, False, 0, NONE),
        (False, True, 30, NONE),
        (False, False, 30, NONE),
        (False, True, 0, NONE),
    ],
)
def test_first_invoice(is_wanted, is_signed, percent, expected):
    assert choose_first_invoice(is_wanted, is_signed, percent) == expected
