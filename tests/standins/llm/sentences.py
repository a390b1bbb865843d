"""What sentences of a conversation are about, and how a summary says it."""

import re

from .facts import fold
from .letters import _spell

# Name of a list or an object -> what its sentences say; nothing found, nothing told.
KINDS = {
    "action": r"\b(je vais|on va|vous pouvez|il faut|enverr|envoy|rappel|prepar|transm"
    r"|planifi|organis|avant le|d'ici|dois|doit|devr|m'occupe|reviens vers)",
    "decision_?maker|decideur": r"\b(directrice|directeur|gerante?|patronn?e?|p?dg\b"
    r"|daf\b|dsi\b|qui decid)",
    "decision": r"\b(decid|valid|d'accord|retenu|retient|retenons|on part sur|c'est bon"
    r"|conclu|accept|choisi)",
    "objection": r"\b(trop cher|cher\b|inquiet|hesit|probleme|reserve|crain"
    r"|doute|mais\b)",
    "rival|concurren|competitor": r"\b(concurren|autre agence"
    r"|autre prestataire|chez\b)",
    "budget": r"\d[\d ]*(?:,\d+)?\s?(?:\u20ac|euros?|eur\b)|budget",
    "deadline|echeance": r"\b(avant|d'ici|echeance|livr|deadline"
    r"|fin (?:du|de)|pour le)\b",
    "question": r"\?$",
    "promise|promesse|engagement": r"\b(promet|promis|m'engage"
    r"|je vous envoie|enverrai)",
    "risk|risque": r"\b(risque|retard|inquiet|attention|probleme)",
}
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_WHEN = re.compile(
    rf"\b(?:avant|d'ici|pour|dans)\s+(?:le |la |les |l')?(?:{_DAYS}|fin|\d"
    r"|une?|deux|trois|six)[\w\u00c0-\u00ff ']{0,22}"
    rf"|\b(?:{_DAYS})(?: prochaine?)?\b|\bdemain\b"
    r"|\bfin (?:du|de|d')\s?[\w\u00c0-\u00ff]+",
    re.I,
)
_VERBS = {
    "enverrai": "Envoyer", "envoie": "Envoyer", "prepare": "Préparer",
    "preparerai": "Préparer", "rappelle": "Rappeler", "rappellerai": "Rappeler",
    "transmets": "Transmettre", "organise": "Organiser", "reviens": "Revenir",
    "planifie": "Planifier", "verifie": "Vérifier", "appelle": "Appeler",
}  # fmt: skip
_PROMISE = re.compile(
    r"\b(?:je|nous|on)\s+(?:(?:vous|te|le|la|les|aussi)\s+)*([\w\u00c0-\u00ff]+)\s+(.+)",
    re.I,
)
_ROLES = (
    ("directrice generale", "DG"), ("directeur general", "DG"), ("pdg", "PDG"),
    ("directeur financier", "DAF"), ("directrice financiere", "DAF"),
    ("gerante", "Gérante"), ("gerant", "Gérant"), ("directrice", "Directrice"),
    ("directeur", "Directeur"), ("patron", "Patron"),
)  # fmt: skip
_AT = re.compile(r"\bchez ([A-Z\u00c0-\u00de][\w\u00c0-\u00ff&-]*)")
_HEADS = {
    "pipeline": "Affaires en cours",
    "idle": "Sans échange récent",
    "bottleneck": "Étape où les affaires restent",
    "slipping": "Dates de clôture dépassées",
    "segment": "À suivre",
    "churn": "Client à surveiller",
    "upsell": "Vente complémentaire possible",
}


def when(text):
    """Return the words that say when, empty when none do."""
    match = _WHEN.search(text)
    return match[0].strip(" .,") if match else ""


def to_do(text):
    """Return a promise as something to do."""
    match = _PROMISE.search(text)
    verb = match and _VERBS.get(fold(match[1]))
    if not verb:
        return text
    return f"{verb} {match[2].rstrip(' .')}"


def who(text):
    """Return the function, or the firm, that a sentence names."""
    folded = fold(text)
    role = next((short for long, short in _ROLES if long in folded), "")
    firm = _AT.search(text)
    return role or (firm[1] if firm else "") or text.rstrip(".")


def fact_sentence(fact):
    """A sentence that says a numbered fact with its own figures only."""
    told = next(
        (
            fact[key]
            for key in ("sentence", "text", "label", "title", "name", "what")
            if isinstance(fact.get(key), str)
        ),
        "",
    )
    told = told or _HEADS.get(fact.get("kind"), str(fact.get("kind") or "À noter"))
    labels = fact.get("labels")
    names = [
        f"«\u00a0{one}\u00a0»"
        for one in (labels.values() if isinstance(labels, dict) else ())
        if isinstance(one, str)
    ]
    numbers = fact.get("numbers") if isinstance(fact.get("numbers"), dict) else fact
    figures = [
        _figure(key, value)
        for key, value in numbers.items()
        if isinstance(value, int | float)
        and not isinstance(value, bool)
        and key not in ("id", "fact_id")
    ]
    parts = [part for part in (" ".join(names), ", ".join(figures)) if part]
    end = f" : {', '.join(parts)}" if parts else ""
    return f"{told[:1].upper()}{told[1:].rstrip('.')}{end}."


def _figure(key, value):
    plain = f"{value:,.2f}".removesuffix(".00").replace(",", " ").replace(".", ",")
    if "count" in key:
        return f"{plain} affaire{'s' if value > 1 else ''}"
    if "days" in key:
        return f"{plain} jour{'s' if value > 1 else ''}"
    if re.search("amount|total|revenue", key):
        return f"{plain} €"
    if key == "weighted":
        return f"{plain} € pondérés"
    return f"{_spell(key)} {plain}"
