"""The usual questions are understood without a model, others are not."""

import time

import pytest

from odoo.addons.crm_ai_assistant.lib import commands, tools
from odoo.addons.crm_ai_assistant.lib.commands import understand

QUESTIONS = [
    ("Où en est le pipeline ?", "pipeline", {"idle_days": 14}),
    ("ou en est le pipeline", "pipeline", {}),
    ("Fais-moi le point sur les affaires", "pipeline", {}),
    ("Combien d’affaires avons-nous ?", "pipeline", {}),
    ("Pipeline", "pipeline", {}),
    ("Où en est le pipeline de Sophie Martin ?", "pipeline",
     {"owner_name": "Sophie Martin"}),
    ("Quelles sont les affaires de Julie ?", "pipeline", {"owner_name": "Julie"}),
    ("Quelles affaires dorment depuis 30 jours ?", "idle", {"idle_days": 30}),
    ("affaires sans nouvelles depuis 3 semaines", "idle", {"idle_days": 21}),
    ("Quelles affaires sont à relancer ?", "idle", {"idle_days": 14}),
    ("affaires dormantes de Paul", "idle", {"owner_name": "Paul"}),
    ("Mes affaires", "mine", {"owner": "me"}),
    ("Montre mon pipeline", "mine", {"owner": "me"}),
    ("Mes activités du jour", "activities", {"when": "today"}),
    ("Qu'ai-je à faire aujourd'hui ?", "activities", {"when": "today"}),
    ("Mes activités en retard", "activities", {"when": "late"}),
    ("Mes activités de la semaine", "activities", {"when": "week"}),
    ("Quelle est la prévision du mois ?", "forecast", {"period": "this_month"}),
    ("Prévisions du trimestre", "forecast", {"period": "this_quarter"}),
    ("Qu'est-ce qui est prévu le mois prochain ?", "forecast",
     {"period": "next_month"}),
    ("Les affaires prioritaires", "priority", {"only_priority": True}),
    ("Quelles sont les affaires chaudes ?", "priority", {"only_priority": True}),
    ("Les nouvelles pistes de la semaine", "new", {"period": "this_week"}),
    ("Combien de nouveaux leads aujourd'hui ?", "new", {"period": "today"}),
    ("Qu'avons-nous gagné ce mois-ci ?", "won", {"period": "this_month"}),
    ("affaires gagnées le mois dernier", "won", {"period": "last_month"}),
    ("Affaires perdues cette année", "lost", {"period": "this_year"}),
    ("Quelles sont les raisons de perte ?", "lost_reasons",
     {"group_by": "lost_reason"}),
    ("Pourquoi perdons-nous des affaires ?", "lost_reasons", {}),
    ("Affaires par étape", "stages", {"group_by": "stage"}),
    ("Le pipeline par vendeur", "owners", {"group_by": "owner"}),
    ("D'où viennent nos affaires ?", "sources", {"group_by": "source"}),
    ("Mes prochains rendez-vous", "meetings", {"days": 14}),
    ("Mes réunions dans les 3 jours", "meetings", {"days": 3}),
    ("Trouve le client Toitures du Sud", "clients", {"words": "Toitures du Sud"}),
    ("Qui est Marie Dupont ?", "clients", {"words": "Marie Dupont"}),
    ("téléphone de Marie Dupont", "clients", {"words": "Marie Dupont"}),
    ("Cherche la société Lumen", "clients", {"words": "Lumen"}),
    ("Comment envoyer un devis ?", "help", {}),
    ("Comment relancer une facture en retard ?", "help", {}),
]  # fmt: skip


@pytest.mark.parametrize(("question", "name", "arguments"), QUESTIONS)
def test_a_usual_question(question, name, arguments):
    command = understand(question)
    assert command and command.name == name, command
    given = command.tools[-1][1]
    assert {key: given.get(key) for key in arguments} == arguments
    for tool, values in command.tools:
        tools.TOOLS[tool][0].model_validate(values)


@pytest.mark.parametrize(
    "question",
    [
        "Quelle est la capitale de l'Australie ?",
        "Raconte-moi une blague",
        "Quel temps fait-il ?",
        "bonjour",
        "?",
        "",
        "Supprime tout",
    ],
)
def test_another_question(question):
    assert understand(question) is None


def test_what_a_colleague_earns_is_read_as_deals_won():
    """The same verb: the answer tells of deals, never of wages."""
    assert understand("Combien gagne mon collègue ?").name == "won"


def test_every_example_is_understood():
    assert all(understand(example) for example in commands.EXAMPLES)


def test_hostile_questions_stay_cheap():
    started = time.process_time()
    for text in ("affaires de " * 500, "trouve " * 500, "a" * 2000, "ou en est " * 200):
        understand(text)
    assert time.process_time() - started < 1
