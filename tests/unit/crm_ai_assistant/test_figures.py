"""Figures of an answer against those of the data."""

import pytest

from odoo.addons.crm_ai_assistant.lib import figures, markup
from odoo.addons.crm_ai_assistant.lib.markup import UNKNOWN

DATA = {
    "count": 5,
    "total": "12 500 €",
    "weighted": "7 312,50 €",
    "rows": [
        {"ref": "[AFFAIRE_12]", "amount": "2 500 €", "closing": "2026-12-15"},
        {"ref": "[AFFAIRE_987]", "idle_days": 21, "probability_pct": 33.3},
    ],
    "is_open": True,
    "hour": "09h30",
}


@pytest.fixture
def known():
    return figures.known_values(DATA, "depuis plus de 14 jours ?")


@pytest.mark.parametrize(
    "text",
    [
        "5 affaires pour 12 500 €, dont [AFFAIRE_12] pour 2 500 €.",
        "5 affaires pour 12\u202f500\u00a0€",
        "12.500 €, soit 12,5 k€",
        "7 312,50 € pondérés, environ 7 313 € ou 7 300 €",
        "clôture le 15/12/2026, le 15 décembre 2026 ou le 15 décembre",
        "depuis 21 jours, à 33,3 %, environ 33 %",
        "à 9h30, plus de 14 jours",
        "Aucun chiffre ici, [AFFAIRE_987] suffit",
        "1. la première\n2. la seconde",
    ],
)
def test_what_the_data_say_may_be_said(known, text):
    assert not figures.unknown_figures(text, known)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("6 affaires", "6"),
        ("5 affaires pour 12 600 €", "12 600"),
        ("soit 2 500,50 €", "2 500,50"),
        ("en hausse de 42 %", "42"),
        ("le 16/12/2026", "16/12/2026"),
        ("le 15 janvier", "15 janvier"),
        ("à 10h30", "10h30"),
        ("987 affaires", "987"),
        ("125 k€", "125 k"),
    ],
)
def test_what_they_do_not_say_is_found_and_marked(known, text, wrong):
    [figure] = figures.unknown_figures(text, known)
    assert figure.text == wrong
    marked = figures.mark_unknown(text, known, UNKNOWN)
    assert wrong not in marked.replace(UNKNOWN, "")
    assert UNKNOWN in marked


def test_nothing_is_known_without_data():
    assert figures.unknown_figures("Vous avez 3 affaires", figures.known_values())


def link(model, res_id):
    return f"<a>{model}:{res_id}</a>"


def test_an_answer_becomes_safe_html():
    text = (
        "# Voici\n- **A** : [AFFAIRE_12] & <b>x</b>\n* client_7\n\n1. un <script>\n"
        "Fin [activité_3]"
    )
    html = markup.to_html(text, link)
    assert html == (
        "<p>Voici</p><ul><li><strong>A</strong> : <a>crm.lead:12</a> &amp;"
        " &lt;b&gt;x&lt;/b&gt;</li><li><a>res.partner:7</a></li>"
        "<li>un &lt;script&gt;</li></ul><p>Fin <a>mail.activity:3</a></p>"
    )
    assert "text-warning" in markup.to_html(f"soit {UNKNOWN}", link)
