"""Drafts without a model: polite, French, short, and nothing invented."""

from itertools import product

import pytest

from odoo.addons.crm_ai_copilot.lib.draft_rules import (
    MAX_WORDS,
    Wish,
    apply_instruction,
    find_faults,
    looks_french,
    write_mail,
    write_sms,
)
from odoo.addons.crm_ai_copilot.lib.fact_check import find_doubts
from odoo.addons.crm_ai_copilot.lib.facts import get_known, get_quoted
from odoo.addons.crm_ai_copilot.lib.french import count_words
from odoo.addons.crm_ai_copilot.lib.sms_text import (
    count_units,
    fits_one_part,
    is_gsm,
    simplify,
)

from tests.unit.crm_ai_copilot.deal_world import CONTEXT, bare

KINDS = ("follow_up", "reply", "quote_reminder", "thanks", "campaign")
TONES = ("warm", "neutral", "firm")
ALL = list(product(KINDS, TONES, ("short", "medium"), range(4)))


@pytest.mark.parametrize("context", [CONTEXT, bare()], ids=["full", "bare"])
@pytest.mark.parametrize(("kind", "tone", "length", "variant"), ALL)
def test_every_mail_is_fit_to_be_read(context, kind, tone, length, variant):
    draft = write_mail(context, Wish(kind, tone, length, variant))
    known, quoted = get_known(context), get_quoted(context)
    assert find_doubts(draft.body, known, quoted, context.today) == []
    assert find_doubts(draft.subject, known, quoted, context.today) == []
    assert find_faults(draft.subject, draft.body, frozenset()) == []
    assert 15 <= count_words(draft.body) <= MAX_WORDS
    assert "{" not in draft.body + draft.subject
    assert draft.body.rstrip().endswith("ordialement,")


@pytest.mark.parametrize("kind", ["follow_up", "quote_reminder"])
@pytest.mark.parametrize("tone", TONES)
def test_a_mail_about_a_quote_names_it(kind, tone):
    body = write_mail(CONTEXT, Wish(kind, tone)).body
    assert "S00042" in body
    assert "23\u00a0février" in body
    assert "18\u202f000\u00a0€" in body


def test_another_version_is_another_text():
    bodies = {write_mail(CONTEXT, Wish(variant=turn)).body for turn in range(3)}
    assert len(bodies) == 3


def test_short_is_shorter():
    short = write_mail(CONTEXT, Wish(length="short")).body
    assert count_words(short) < count_words(write_mail(CONTEXT, Wish()).body)


def test_instructions_rules_understand():
    wish = apply_instruction(Wish(), "Plus court et plus ferme s'il te plaît")
    assert (wish.tone, wish.length) == ("firm", "short")
    assert apply_instruction(wish, "plus chaleureux").tone == "warm"
    assert apply_instruction(Wish(), "parle du budget") == Wish()


@pytest.mark.parametrize("context", [CONTEXT, bare(), bare(deal="É" * 300)])
@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("variant", range(7))
def test_a_text_message_is_one_part(context, tone, variant):
    text = write_sms(context, Wish("sms", tone, variant=variant)).text
    assert fits_one_part(text) and len(text) <= 160
    assert text.startswith("Bonjour")


def test_a_text_message_names_the_quote():
    assert "S00042" in write_sms(CONTEXT, Wish("sms", "neutral")).text


def test_the_alphabet_of_text_messages():
    assert simplify("Reçu à Noël, c’est sûr…") == "Recu à Noel, c'est sur..."
    assert count_units("18 €") == 5
    assert is_gsm("déjà payé") and not is_gsm("reçu 🙂")
    assert count_units("🙂") == 2
    assert not fits_one_part("é" * 161) and fits_one_part("é" * 160)
    assert not fits_one_part("🙂" * 36)


@pytest.mark.parametrize(
    ("subject", "body", "word"),
    [
        ("", "Bonjour, merci de votre message.", "empty"),
        ("Objet", "le mot " * 101, "more than"),
        ("Hello", "Dear you, this is the quote for the work.", "French"),
        ("Objet", "Bonjour [nom], le devis est prêt pour vous.", "placeholder"),
        ("Objet", "Bonjour, <b>le devis</b> est prêt pour vous.", "HTML"),
    ],
)
def test_a_faulty_draft_is_refused(subject, body, word):
    assert any(word in fault for fault in find_faults(subject, body, frozenset()))


def test_unknown_contacts_are_refused():
    faults = find_faults("Objet", "Écrivez à la banque.", frozenset({"x@evil.example"}))
    assert "x@evil.example" in faults[0]


def test_language():
    assert looks_french("Bonjour, avez-vous lu notre devis ?")
    assert not looks_french("Hello, have you read the quote?")
