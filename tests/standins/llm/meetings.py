"""The summary of a meeting, for the shape that asks for one: a reader of its own.

It reads the numbered lines it is shown, `[12] (00:03:20) Name : words`, and says
nothing that they do not hold.
"""

import re

from .facts import fold

_LINE = re.compile(r"^\[(\d+)\](?: \([\d:]+\))?(?: ([^:\n]{1,60}) :)? ?(.*)$", re.M)
_SHAPE = {"key_points", "actions", "budget", "deadline", "decision_maker", "rivals"}
_AMOUNT = re.compile(
    r"(\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d{4,})\s?(?:eur|euros?|\u20ac)"
)
_QUARTERS = ("premier", "deuxieme", "troisieme", "quatrieme")
_ROLES = (
    ("president directeur general", "PDG"),
    ("pdg", "PDG"),
    ("directrice generale", "DG"),
    ("directeur general", "DG"),
    ("dg", "DG"),
    ("daf", "DAF"),
    ("gerant", "Gérance"),
)
_DATE = re.compile(
    r"((?:avant|d'ici|pour|le)? ?(?:lundi|mardi|mercredi|jeudi|vendredi)(?: prochain)?"
    r"|demain|le \d{1,2} [a-z]+|fin [a-z]+)"
)
_PROMISE = re.compile(
    r"je vous (envoie|organise|prepare|fais parvenir|transmets)\s+(.+?)"
    r"(?=\s+(?:avant|d'ici|pour|le \d|lundi|mardi|mercredi|jeudi|vendredi|demain)"
    r"|[.,]|$)"
)
_VERBS = {
    "envoie": "Envoyer",
    "organise": "Organiser",
    "prepare": "Préparer",
    "fais parvenir": "Envoyer",
    "transmets": "Transmettre",
}


def fits(schema):
    """Tell whether a schema asks for the summary of a meeting."""
    return bool(schema) and set(schema.get("properties", ())) >= _SHAPE


def write(text):
    """Return the summary of the numbered lines of a question."""
    found = {
        "key_points": [], "decisions": [], "actions": [], "budget": None,
        "deadline": None, "decision_maker": None, "rivals": [], "objections": [],
        "mood": None,
    }  # fmt: skip
    for number, speaker, said in _LINE.findall(text):
        _read(found, int(number), speaker.strip(), said.strip())
    return found


def _read(found, segment, speaker, said):
    place = {"segment": segment, "also": []}
    folded = fold(said)
    if re.search(r"budget|enveloppe", folded) and (amount := _AMOUNT.search(folded)):
        value = float(re.sub(r"\D", "", amount[1]))
        found["budget"] = {"amount": value, "currency": "EUR", **place}
        found["key_points"].append({"text": said, **place})
    for rank, name in enumerate(_QUARTERS, start=1):
        if f"{name} trimestre" in folded:
            found["deadline"] = {"text": f"T{rank}", "date": None, **place}
    if re.search(r"decide|tranche|signe\b|dernier mot", folded) and "?" not in said:
        for words, short in _ROLES:
            if re.search(rf"\b{words}\b", folded):
                found["decision_maker"] = {"name": short, **place}
                break
    if rival := re.search(r"consulte aussi ([A-Z][\w' ]+)", said):
        found["rivals"].append({"name": rival[1].strip(), **place})
    if re.search(r"inquiet|trop cher|hesit", folded):
        found["objections"].append({"text": said, **place})
        reason = "Le client exprime une réserve."
        found["mood"] = {"label": "mixed", "reason": reason, **place}
    _read_promise(found, place, speaker, said, folded)


def _read_promise(found, place, speaker, said, folded):
    promise = _PROMISE.search(folded)
    if not promise:
        return
    begin, end = promise.span(2)
    date = _DATE.search(folded, end)
    found["actions"].append(
        {
            "what": f"{_VERBS[promise[1]]} {said[begin:end].strip()}",
            "owner": speaker or None,
            "due": said[date.start() : date.end()].strip() if date else None,
            **place,
        }
    )
