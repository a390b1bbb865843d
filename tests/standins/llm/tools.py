"""Which tool a question calls for, and with what."""

import json
import re

from .facts import Facts, fold
from .store import Call

# What people say -> what tools say.
_SYNONYMS = {
    "idle": "dormant dort inacti immobile silence attente relanc",
    "pipeline": "pipeline pipe affaires opportunites",
    "forecast": "prevision prevu previsionnel",
    "aggregate": "combien total somme montant nombre moyenne chiffre",
    "count": "combien nombre",
    "deals": "affaire pipeline dorm opportunite piste gagn perdu prevision",
    "deal": "detail fiche",
    "activities": "activite tache rappel journee",
    "meetings": "rendez reunion agenda",
    "clients": "client contact",
    "search": "cherche trouve liste montre",
    "find": "cherche trouve retrouve client contact",
    "read": "detail fiche",
    "open": "ouvre ouvrir affiche vue ecran",
    "draft": "redige ecris brouillon mail message",
    "activity": "activite rappel planifie agenda relance tache",
    "call": "appel telephon journalise note",
    "meeting": "rendez reunion agenda calendrier",
    "invoice": "facture impaye retard",
    "won": "gagne signe",
    "lost": "perdu perdue raison",
    "help": "comment aide faire procedure documentation",
    "doc": "comment aide faire procedure documentation",
}


def choose(question, today):
    """Return the calls to make, none when the tools do not help."""
    asked = question.last.text
    folded = fold(asked)
    scores = {
        name: _score(folded, name, description)
        for name, (description, _schema) in question.tools.items()
    }
    best = max(scores, key=scores.get, default=None)
    if best is None or scores[best] < 1:
        return []
    _description, schema = question.tools[best]
    facts = Facts(asked, today)
    return [Call(best, _arguments(schema, asked, facts))]


def obey(question):
    """Return the call that a text among the results orders (a gullible model)."""
    for turn in question.turns:
        if turn.role != "tool" and "<" not in turn.text:
            continue
        for name, (_description, schema) in question.tools.items():
            if re.search(rf"(?:appelle|appeler|utilise|call)\W+(?:l'outil\W+)?{name}\b",
                         turn.text, re.I):  # fmt: skip
                facts = Facts(turn.text, None)
                return [Call(name, _arguments(schema, turn.text, facts))]
    return []


_COMMON = set(
    "quel quell quels pour dans avec mais plus tout toute tous cette comme sont etre"
    " fait faire avoir votre notre leurs leur donne montr depui entre sans sous vous"
    " nous elles quoi combi est-c cela moins bien peut peux avez chaqu autre".split()
)


def _stems(text):
    found = {word[:5] for word in re.findall(r"[a-z]{4,}", text)}
    return found - _COMMON


def _score(folded, name, description):
    stems = _stems(folded)
    score = len(stems & _stems(fold(description))) + 2 * len(
        stems & _stems(fold(name.replace("_", " ")))
    )
    for part in re.split(r"_", name):
        for word in _SYNONYMS.get(part, "").split():
            score += 2 * (word in folded)
    return score


def _arguments(schema, asked, facts):
    required = schema.get("required") or list(schema.get("properties", {}))
    values = {}
    for name, child in schema.get("properties", {}).items():
        value = _argument(name, child, asked, facts)
        if value is None and name in required and not _may_be_null(child):
            value = _filler(child, asked)
        if value is not None or name in required:
            values[name] = value
    return values


def _may_be_null(child):
    kinds = child.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return "null" in kinds or any(
        one.get("type") == "null" for one in child.get("anyOf", ())
    )


def _plain(child):
    for one in child.get("anyOf", ()):
        if one.get("type") != "null":
            return one
    kind = child.get("type")
    if isinstance(kind, list):
        return {**child, "type": next((k for k in kind if k != "null"), "null")}
    return child


def _argument(name, child, asked, facts):
    child = _plain(child)
    folded = fold(asked)
    if "enum" in child:
        spoken = [
            one
            for one in child["enum"]
            if isinstance(one, str)
            and _stems(fold(one.replace("_", " "))) & _stems(folded)
        ]
        for one in child["enum"]:
            said = _SYNONYMS.get(str(one).split("_")[0], "").split()
            if not spoken and any(word in folded for word in said):
                return one
        return spoken[0] if spoken else None
    kind = child.get("type")
    if kind == "integer":
        found = re.search(r"\b(\d{1,6})\b", asked)
        return int(found[1]) if found else None
    if kind == "number":
        found = re.search(r"\b(\d[\d ]*(?:[.,]\d+)?)", asked)
        return float(found[1].replace(" ", "").replace(",", ".")) if found else None
    if kind == "array":
        return None
    if child.get("format") == "date" or "date" in name:
        return facts.dates[0][1].isoformat() if facts.dates else None
    if kind == "string":
        quoted = re.search(r"[\u00ab\"]\s*([^\u00bb\"]+?)\s*[\u00bb\"]", asked)
        names = re.findall(
            r"\[[A-Z]+_\d+(?:_[A-Z]+)*\]|(?<!^)\b[A-Z\u00c0-\u00de][\w-]+"
            r"(?: [A-Z\u00c0-\u00de][\w-]+)*",
            asked,
        )
        if quoted:
            return quoted[1]
        if re.search(r"question|text|note|body|summary|topic", name):
            return asked
        return names[0] if names else None
    return None


def _filler(child, asked):
    child = _plain(child)
    if "enum" in child:
        return child["enum"][0]
    return {
        "integer": 1, "number": 1, "boolean": False, "array": [], "object": {},
    }.get(child.get("type"), asked)  # fmt: skip


def read_results(question):
    """Return the results of the tools since the person's last words, decoded."""
    results = []
    for turn in reversed(question.turns):
        if turn.role == "user":
            break
        if turn.role == "tool":
            try:
                results.append(json.loads(turn.text))
            except ValueError:
                results.append(turn.text)
    return results[::-1]
