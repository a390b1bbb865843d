"""The facts of a pipeline in plain French, and the check of another's wording."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from odoo.addons.crm_ai.lib.folding import fold

from .analysis import Fact
from .french import format_amount, format_count, format_day
from .mentions import DayHint, find_mentions
from .results import AnalysisResult, Sentence

DEALS = ("affaire", "affaires")
MAX_SENTENCES = 40
# What an answer always tells, when it was counted.
REQUIRED = ("pipeline", "idle")


def _deals(fact: Fact) -> str:
    return format_count(int(fact.numbers["count"]), *DEALS)


def _days(fact: Fact, name: str) -> str:
    return format_count(int(fact.numbers[name]), "jour", "jours")


def _amount(fact: Fact, currency: str, name: str = "amount") -> str:
    return format_amount(Decimal(fact.numbers[name]), currency)


def _pipeline(fact: Fact, currency: str) -> str:
    if not fact.numbers["count"]:
        return "Vous n’avez aucune affaire en cours."
    return (
        f"Le pipeline compte {_deals(fact)} pour {_amount(fact, currency)}, soit"
        f" {_amount(fact, currency, 'weighted')} pondérés par leur probabilité."
    )


def _idle(fact: Fact, currency: str) -> str:
    if "deal" in fact.labels:
        return (
            f"« {fact.labels['deal']} » ({_amount(fact, currency)}) est sans échange"
            f" depuis {_days(fact, 'idle_days')}."
        )
    if not fact.numbers["count"]:
        return (
            f"Aucune affaire n’est sans échange depuis plus de {_days(fact, 'days')}."
        )
    verb = "sont" if fact.numbers["count"] > 1 else "est"
    return (
        f"{_deals(fact)} {verb} sans échange depuis plus de {_days(fact, 'days')} :"
        f" {_amount(fact, currency)} sont en jeu."
    )


def _bottleneck(fact: Fact, currency: str) -> str:
    return (
        f"L’étape « {fact.labels['stage']} » retient {_deals(fact)}"
        f" ({_amount(fact, currency)}) : on y reste {_days(fact, 'stage_days')}, contre"
        f" {_days(fact, 'other_days')} ailleurs."
    )


def _slipping(fact: Fact, currency: str) -> str:
    if "oldest" in fact.days:
        return (
            f"La date de clôture est dépassée pour {_deals(fact)}"
            f" ({_amount(fact, currency)}) ; la plus ancienne est"
            f" « {fact.labels['deal']} », prévue le {format_day(fact.days['oldest'])}."
        )
    return (
        f"La date de clôture de {_deals(fact)} ({_amount(fact, currency)}) a été"
        " repoussée plusieurs fois."
    )


SEGMENTS = {
    "segment-high": "La moitié du montant tient à {deals} : {amount}.",
    "segment-risk": "À risque : {deals} pour {amount}.",
    "segment-dormant": "En sommeil depuis plus de {days} : {deals} pour {amount}.",
}


def _segment(fact: Fact, currency: str) -> str:
    return SEGMENTS[fact.fact_id].format(
        deals=_deals(fact),
        amount=_amount(fact, currency),
        days=_days(fact, "days") if "days" in fact.numbers else "",
    )


def _churn(fact: Fact, currency: str) -> str:
    client, amount = fact.labels["client"], _amount(fact, currency)
    if fact.labels["sign"] == "mood":
        return f"{client} ({amount} de commandes) s’est dit mécontent."
    return (
        f"{client} ({amount} de commandes) n’a rien commandé depuis"
        f" {_days(fact, 'silence_days')} ; son rythme habituel est de"
        f" {_days(fact, 'usual_days')}."
    )


def _upsell(fact: Fact, currency: str) -> str:
    labels, numbers = fact.labels, fact.numbers
    return (
        f"Devis {labels['order']} : proposez « {labels['product']} » ;"
        f" {numbers['support']} des {numbers['base']} commandes avec"
        f" « {labels['because']} » le contiennent aussi."
    )


WORDERS = {
    "pipeline": _pipeline,
    "idle": _idle,
    "bottleneck": _bottleneck,
    "slipping": _slipping,
    "segment": _segment,
    "churn": _churn,
    "upsell": _upsell,
}


def word_fact(fact: Fact, currency: str) -> str:
    """Return the sentence that states a fact."""
    return WORDERS[fact.kind](fact, currency)


def word_facts(facts: Sequence[Fact], currency: str) -> AnalysisResult:
    """Return one sentence per fact."""
    return AnalysisResult(
        sentences=[
            Sentence(text=word_fact(fact, currency), fact_ids=[fact.fact_id])
            for fact in facts
        ]
    )


def _numbers(facts: Sequence[Fact]) -> set[Decimal]:
    return {Decimal(value) for fact in facts for value in fact.numbers.values()}


def _is_stated(text: str, facts: Sequence[Fact], today: date) -> list[str]:
    """Return the numbers and days of a text that its facts do not hold."""
    numbers = _numbers(facts)
    days = {day for fact in facts for day in fact.days.values()}
    hints = {
        mention.value
        for fact in facts
        for label in fact.labels.values()
        for mention in find_mentions(label, today)
    }
    unknown, rest = [], text
    for mention in reversed(find_mentions(text, today)):
        value = mention.value
        rest = rest[: mention.start] + "#" + rest[mention.end :]
        if value in hints:
            continue
        if isinstance(value, Decimal) and value in numbers:
            continue
        if isinstance(value, DayHint) and any(value.fits(d, today) for d in days):
            continue
        if isinstance(value, DayHint) and _is_length(mention.text, numbers):
            continue
        unknown.append(mention.text)
    labels = " ".join(label for fact in facts for label in fact.labels.values())
    for number in re.findall(r"\d+(?:[.,]\d+)?", rest):
        if Decimal(number.replace(",", ".")) not in numbers and number not in labels:
            unknown.append(number)
    return unknown


def _is_length(text: str, numbers: set[Decimal]) -> bool:
    """Tell whether "depuis 21 jours" states a number of the facts."""
    match = re.search(r"(\d+)\s*jours?", fold(text))
    return bool(match) and Decimal(match[1]) in numbers


def _find_silence(
    result: AnalysisResult, facts: Mapping[str, Fact], today: date
) -> list[str]:
    """Return which of the facts that must be told are not, with their figures."""
    faults = []
    for name in REQUIRED:
        fact = facts.get(name)
        if fact is None or not fact.numbers["count"]:
            continue
        said = " ".join(s.text for s in result.sentences if name in s.fact_ids)
        amounts = {mention.value for mention in find_mentions(said, today)}
        if fact.numbers["amount"] and fact.numbers["amount"] not in amounts:
            faults.append(f"No sentence states the amount of the fact {name}.")
    return faults


def find_faults(
    result: AnalysisResult, facts: Mapping[str, Fact], today: date
) -> list[str]:
    """Return what is wrong with a model's wording, for the model."""
    faults = _find_silence(result, facts, today)
    if not result.sentences or len(result.sentences) > MAX_SENTENCES:
        faults.append(f"Write 1 to {MAX_SENTENCES} sentences.")
    for number, sentence in enumerate(result.sentences, 1):
        stray = [name for name in sentence.fact_ids if name not in facts]
        if stray or not sentence.fact_ids:
            faults.append(f"Sentence {number} names no fact, or unknown ones: {stray}.")
            continue
        cited = [facts[name] for name in sentence.fact_ids]
        unknown = _is_stated(sentence.text, cited, today)
        if unknown:
            faults.append(f"Sentence {number} states what its facts do not: {unknown}.")
    return faults
