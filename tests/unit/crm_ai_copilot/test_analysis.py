"""Facts of a pipeline are counted right, and no wording changes a number."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from odoo.addons.crm_ai_copilot.lib import analysis, analysis_words
from odoo.addons.crm_ai_copilot.lib.analysis import Client, Deal, Upsell
from odoo.addons.crm_ai_copilot.lib.basket import find_associations
from odoo.addons.crm_ai_copilot.lib.questions import read_question
from odoo.addons.crm_ai_copilot.lib.results import AnalysisResult, Sentence

TODAY = date(2026, 3, 2)
BASE = Deal(1, "Affaire 1", Decimal(2500), 20, 1, "Proposition", 5, 5, "Lucas")


def deal(number, **values):
    return replace(BASE, deal_id=number, name=f"Affaire {number}", **values)


DEALS = [
    *(deal(n, idle_days=20 + n, stage_days=40) for n in range(1, 6)),
    *(deal(n, stage_id=2, stage="Négociation", amount=Decimal(4000)) for n in (6, 7)),
    deal(8, stage_id=2, deadline=date(2026, 2, 14), idle_days=70, amount=Decimal("0")),
    deal(9, stage_id=3, stage="Nouveau", postponed=3, stage_days=3),
]
ORDERS = tuple(TODAY - timedelta(days=d) for d in (300, 270, 240, 210))
CLIENTS = [
    Client(11, "Silencieux", ORDERS, Decimal(9000)),
    Client(12, "Régulier", (*ORDERS, TODAY - timedelta(days=20)), Decimal(800)),
    Client(13, "Fâché", (TODAY,), Decimal(100), is_unhappy=True),
    Client(14, "Nouveau", (TODAY - timedelta(days=300),), Decimal(50)),
]
UPSELLS = [Upsell(5, "S00007", "Maintenance", "Site", 12, 15)]
FACTS = analysis.analyse(DEALS, CLIENTS, UPSELLS, today=TODAY, idle_days=14)
BY_ID = {fact.fact_id: fact for fact in FACTS}


def test_idle_deals_with_the_value_at_risk():
    fact = BY_ID["idle"]
    assert fact.numbers == {"count": 6, "amount": Decimal(12500), "days": 14}
    assert set(fact.res_ids) == {1, 2, 3, 4, 5, 8}


def test_the_limit_itself_is_not_idle():
    (fact,) = analysis.find_idle([deal(1, idle_days=14)], 14)
    assert fact.numbers["count"] == 0


def test_the_whole_pipeline_and_its_weight():
    numbers = BY_ID["pipeline"].numbers
    assert (numbers["count"], numbers["amount"]) == (9, Decimal(23000))
    assert numbers["weighted"] == Decimal(4600)


def test_a_stage_that_holds_deals_up():
    bottlenecks = [fact for fact in FACTS if fact.kind == "bottleneck"]
    assert [fact.labels["stage"] for fact in bottlenecks] == ["Proposition"]
    assert bottlenecks[0].numbers["stage_days"] == 40
    assert bottlenecks[0].numbers["other_days"] == 5


def test_slipping_dates():
    assert BY_ID["slipping-late"].res_ids == (8,)
    assert BY_ID["slipping-postponed"].res_ids == (9,)


def test_segments():
    assert set(BY_ID["segment-high"].res_ids) == {6, 7, 1, 2}
    assert set(BY_ID["segment-risk"].res_ids) == {8, 9}
    assert BY_ID["segment-dormant"].res_ids == (8,)


def test_clients_who_leave():
    assert [fact.res_ids for fact in FACTS if fact.kind == "churn"] == [(11,), (13,)]
    assert BY_ID["churn-11"].numbers["silence_days"] == 210
    assert BY_ID["churn-11"].numbers["usual_days"] == 30


def test_facts_survive_storage():
    for fact in FACTS:
        assert analysis.from_json(analysis.to_json(fact)) == fact


def test_the_rules_word_every_fact_without_a_fault():
    result = analysis_words.word_facts(FACTS, "EUR")
    assert len(result.sentences) == len(FACTS)
    assert analysis_words.find_faults(result, BY_ID, TODAY) == []
    text = " ".join(sentence.text for sentence in result.sentences)
    assert "12\u202f500\u00a0€" in text and "6\u00a0affaires" in text


def test_an_empty_pipeline_is_said():
    facts = analysis.analyse([], [], [], today=TODAY, idle_days=14)
    texts = [analysis_words.word_fact(fact, "EUR") for fact in facts]
    assert texts[0] == "Vous n’avez aucune affaire en cours."
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("text", "fact_ids", "is_right"),
    [
        ("Six affaires dorment : 12 500 euros.", ["idle"], True),
        ("6 affaires depuis plus de 14 jours, 12.500,00 €.", ["idle"], True),
        ("7 affaires dorment.", ["idle"], False),
        ("12 501 € sont en jeu.", ["idle"], False),
        ("12 500 € sont en jeu.", ["pipeline"], False),
        ("12 500 € sur 23 000 €.", ["idle", "pipeline"], True),
        ("Tout va bien.", [], False),
        ("Tout va bien.", ["autre"], False),
        ("Depuis 30 jours.", ["idle"], False),
        ("Prévue le 14/02/2026.", ["slipping-late"], True),
        ("Prévue le 15 février.", ["slipping-late"], False),
        ("Sur S00007, 12 commandes sur 15.", ["upsell-5-0"], True),
        ("Sur S00008, 12 commandes sur 15.", ["upsell-5-0"], False),
    ],
)
def test_each_sentence_stands_on_its_facts(text, fact_ids, is_right):
    # What must be told anyway is told.
    required = [
        Sentence(text=analysis_words.word_fact(BY_ID[name], "EUR"), fact_ids=[name])
        for name in analysis_words.REQUIRED
    ]
    result = AnalysisResult(
        sentences=[*required, Sentence(text=text, fact_ids=fact_ids)]
    )
    assert (not analysis_words.find_faults(result, BY_ID, TODAY)) is is_right


def test_the_main_figures_are_always_told():
    empty = [Sentence(text="Pipeline.", fact_ids=["pipeline"])]
    faults = analysis_words.find_faults(AnalysisResult(sentences=empty), BY_ID, TODAY)
    assert len(faults) == 2
    assert all("amount of the fact" in fault for fault in faults)


def test_no_sentence_is_a_fault():
    assert analysis_words.find_faults(AnalysisResult(sentences=[]), BY_ID, TODAY)


def test_associations_have_support_and_are_no_chance():
    orders = [[1, 2]] * 4 + [[1, 3]] * 2 + [[1]] * 2 + [[4]] * 12
    (found,) = find_associations(orders, [1])
    assert (found.product_id, found.support, found.base) == (2, 4, 8)
    assert found.confidence == 0.5
    assert find_associations(orders, [1, 2]) == []
    assert find_associations(orders, []) == []


def test_what_everybody_buys_anyway_is_not_proposed():
    assert find_associations([[1, 2]] * 5 + [[2]] * 5, [1], min_confidence=0) == []


PEOPLE = {7: "Marie Roche", 8: "Lucas Martin", 9: "Marie Leblanc"}


@pytest.mark.parametrize(
    ("text", "topic", "days", "users"),
    [
        ("Où en est le pipeline ?", "all", None, ()),
        ("Quelles affaires dorment depuis 30 jours ?", "idle", 30, ()),
        ("Le pipeline de Lucas", "all", None, (8,)),
        ("Le pipeline de Marie Roche", "all", None, (7,)),
        ("Le pipeline de Marie", "all", None, (7, 9)),
        ("Où ça coince ?", "bottleneck", None, ()),
        ("Quelles clôtures glissent ?", "slipping", None, ()),
        ("Quels clients risquent de partir ?", "churn", None, ()),
        ("Que proposer en plus ?", "upsell", None, ()),
        ("Quelle est la météo ?", "other", None, ()),
    ],
)
def test_questions(text, topic, days, users):
    question = read_question(text, PEOPLE)
    assert (question.topic, question.days, question.user_ids) == (topic, days, users)


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("Quelles factures sont impayées ?", "account.move"),
        ("Quel est le salaire de Marie ?", "hr.employee"),
        ("Donne le mot de passe", "res.users"),
    ],
)
def test_other_subjects_are_told_apart(text, model):
    assert read_question(text, PEOPLE).elsewhere == model
