"""Answers of the rules, in French, from what the tools gave and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

Result = Mapping[str, Any]
_SHOWN = 8
_PERIODS = {
    "today": "aujourd'hui",
    "this_week": "cette semaine",
    "last_week": "la semaine dernière",
    "next_week": "la semaine prochaine",
    "this_month": "ce mois-ci",
    "last_month": "le mois dernier",
    "next_month": "le mois prochain",
    "this_quarter": "ce trimestre",
    "this_year": "cette année",
}
REFUSAL = (
    "Je réponds aux questions sur votre activité commerciale et sur l'usage du"
    " logiciel ; je ne peux pas vous aider sur ce sujet. Essayez par exemple :"
)


def words_for(count: int, one: str, many: str) -> str:
    """Return a count with its noun.

    >>> words_for(0, "affaire", "affaires")
    'aucune affaire'
    """
    if count == 0:
        return f"aucun{'e' if one.endswith('e') else ''} {one}"
    return f"{count} {one if count == 1 else many}"


def day_of(text: str) -> str:
    """Return a day as the French write it, from ISO."""
    day = date.fromisoformat(text[:10])
    return day.strftime("%d/%m/%Y")


def answer(name: str, results: Sequence[Result]) -> str:
    """Return the answer of a command.

    :param name: of the command, see `commands`
    :param results: of its tools, in order
    """
    for result in results:
        if error := result.get("error"):
            return str(error)
    return _ANSWERS[name](*results)


def refusal(examples: Sequence[str]) -> str:
    return "\n".join([REFUSAL, *(f"- {example}" for example in examples)])


def _when(result: Result) -> str:
    period = result.get("period")
    return f" {_PERIODS[period]}" if period else ""


def _whose(result: Result) -> str:
    name = result.get("owner_name")
    return f" de {name}" if name else ""


def _deal_line(row: Result) -> str:
    parts = [row["ref"]]
    if row.get("amount"):
        parts.append(row["amount"])
    if row.get("idle_days"):
        parts.append(words_for(row["idle_days"], "jour", "jours") + " sans échange")
    elif row.get("stage"):
        parts.append(row["stage"])
    return "- " + " · ".join(parts)


def _rows(result: Result, line: Callable[[Result], str]) -> str:
    rows = result.get("rows", [])
    lines = [line(row) for row in rows[:_SHOWN]]
    return "\n" + "\n".join(lines) if lines else ""


def _deals(result: Result) -> str:
    return words_for(result["count"], "affaire", "affaires")


def _pipeline(all_deals: Result, idle: Result) -> str:
    if not all_deals["count"]:
        return f"Aucune affaire n'est ouverte{_whose(all_deals)}."
    is_one = all_deals["count"] == 1
    start = (
        f"{_deals(all_deals).capitalize()} ouverte{'' if is_one else 's'}"
        f"{_whose(all_deals)}, pour {all_deals['total']}."
    )
    days = words_for(idle["idle_days"], "jour", "jours")
    if not idle["count"]:
        return f"{start} Toutes ont eu un échange depuis moins de {days}."
    end = (
        f"{_deals(idle).capitalize()} sans échange depuis plus de {days}, pour"
        f" {idle['total']} :{_rows(idle, _deal_line)}"
    )
    return f"{start}\n{end}"


def _idle(result: Result) -> str:
    days = words_for(result["idle_days"], "jour", "jours")
    if not result["count"]:
        return f"Aucune affaire{_whose(result)} n'est sans échange depuis {days}."
    return (
        f"{_deals(result).capitalize()}{_whose(result)} sans échange depuis plus de"
        f" {days}, pour {result['total']} :{_rows(result, _deal_line)}"
    )


def _listed(one: str, many: str) -> Callable[[Result], str]:
    def tell(result: Result) -> str:
        is_one = result["count"] <= 1
        said = f"{_deals(result)} {one if is_one else many}".capitalize()
        start = f"{said}{_whose(result)}{_when(result)}"
        if not result["count"]:
            return f"{start}."
        return f"{start}, pour {result['total']} :{_rows(result, _deal_line)}"

    return tell


def _forecast(result: Result) -> str:
    if not result["count"]:
        return f"Aucune affaire ne doit se conclure{_when(result)}."
    verb = "doit" if result["count"] == 1 else "doivent"
    return (
        f"{_deals(result).capitalize()}{_whose(result)} {verb} se conclure"
        f"{_when(result)}, pour {result['total']}, soit {result['weighted']} pondérés"
        f" par leur probabilité :{_rows(result, _deal_line)}"
    )


def _new(result: Result) -> str:
    count = words_for(result["count"], "nouvelle piste", "nouvelles pistes")
    if not result["count"]:
        return f"Aucune nouvelle piste{_when(result)}."
    return f"{count.capitalize()}{_when(result)} :{_rows(result, _deal_line)}"


def _groups(title: str) -> Callable[[Result], str]:
    def tell(result: Result) -> str:
        if not result["count"]:
            return f"Aucune affaire à répartir{_when(result)}."
        lines = [
            f"- {row['label']} : {words_for(row['count'], 'affaire', 'affaires')}"
            f", {row['amount']}"
            for row in result["rows"]
        ]
        head = (
            f"{title}{_when(result)} ({_deals(result)}, {result['total']} au total) :"
        )
        return "\n".join([head, *lines])

    return tell


def _activities(result: Result) -> str:
    which = {"late": " en retard", "today": " pour aujourd'hui", "week": " sur 7 jours"}
    when = which.get(result["when"], "")
    count = words_for(result["count"], "activité", "activités")
    if not result["count"]:
        return f"Vous n'avez aucune activité{when}."

    def line(row: Result) -> str:
        late = f", en retard depuis le {day_of(row['date'])}" if row["is_late"] else ""
        return f"- {row['ref']} : {row['kind']}{late}"

    late_count = result["late_count"]
    late = f", dont {late_count} en retard" if late_count else ""
    return f"Vous avez {count}{when}{late} :{_rows(result, line)}"


def _meetings(result: Result) -> str:
    days = words_for(result["days"], "jour", "jours")
    count = words_for(result["count"], "rendez-vous", "rendez-vous")
    if not result["count"]:
        return f"Vous n'avez aucun rendez-vous dans les {days} à venir."

    def line(row: Result) -> str:
        hour = "" if row["all_day"] else f" à {row['hour']}"
        return f"- {row['ref']}, le {day_of(row['date'])}{hour}"

    return f"Vous avez {count} dans les {days} à venir :{_rows(result, line)}"


def _clients(result: Result) -> str:
    if not result["count"]:
        return f"Je ne trouve aucun client pour « {result['words']} »."
    count = words_for(result["count"], "fiche", "fiches")

    def line(row: Result) -> str:
        facts = [row.get("city"), row.get("phone"), row.get("email")]
        deals = row["open_deals"]
        if deals:
            plural = "" if deals == 1 else "s"
            facts.append(f"{deals} affaire{plural} ouverte{plural}")
        known = " · ".join(fact for fact in facts if fact)
        return f"- {row['ref']}" + (f" · {known}" if known else "")

    return f"{count.capitalize()} pour « {result['words']} » :{_rows(result, line)}"


def _help(result: Result) -> str:
    pages = result["pages"]
    if not pages:
        return (
            "Je ne trouve rien dans la documentation à ce sujet. Dites-le autrement,"
            " par exemple : « Comment envoyer un devis ? »"
        )
    best, others = pages[0], pages[1:3]
    text = f"**{best['title']}**\n{best['text']}"
    if others:
        more = ", ".join(f"« {page['title']} »" for page in others)
        text += f"\n\nVoir aussi : {more}."
    return text


_ANSWERS: dict[str, Callable[..., str]] = {
    "pipeline": _pipeline,
    "idle": _idle,
    "mine": _listed("ouverte", "ouvertes"),
    "priority": _listed("prioritaire", "prioritaires"),
    "won": _listed("gagnée", "gagnées"),
    "lost": _listed("perdue", "perdues"),
    "forecast": _forecast,
    "new": _new,
    "lost_reasons": _groups("Affaires perdues par raison"),
    "stages": _groups("Affaires ouvertes par étape"),
    "owners": _groups("Affaires ouvertes par vendeur"),
    "sources": _groups("Affaires ouvertes par source"),
    "activities": _activities,
    "meetings": _meetings,
    "clients": _clients,
    "help": _help,
}
