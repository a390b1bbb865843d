"""French texts from facts: letters, short messages, answers."""

import re

from .facts import fold

ENGLISH = (
    "Hello, thank you for your message. We are happy to help you with your project"
    " and we will come back to you very soon with all the details."
)
NO = "Je ne peux pas répondre à cette demande."

# What a letter is for: words of the question -> opening, wish, subject
_PURPOSES = (
    (
        ("remerci", "merci"),
        "Je tenais à vous remercier pour votre confiance.",
        "Je reste à votre écoute pour la suite de notre collaboration.",
        "Merci pour votre confiance",
    ),
    (
        ("devis", "proposition", "quote"),
        "Je reviens vers vous au sujet de notre proposition{reference}.",
        "Avez-vous pu en prendre connaissance ? Je peux vous la présenter à votre"
        " convenance.",
        "Votre devis{reference}",
    ),
    (
        ("campagne", "campaign", "newsletter"),
        "Nous avons préparé une offre qui devrait vous intéresser.",
        "Souhaitez-vous que nous en parlions quelques minutes ?",
        "Une offre pour vous",
    ),
    (
        ("repon", "reply", "question"),
        "Merci pour votre message, que j'ai lu avec attention.",
        "Je vous propose d'en parler de vive voix si cela vous convient.",
        "Votre message",
    ),
    (
        ("relanc", "follow", "silence", "suivi"),
        "Je me permets de revenir vers vous à la suite de nos échanges{reference}.",
        "Où en êtes-vous de votre réflexion ? Un court appel nous permettrait"
        " d'avancer.",
        "Suite à nos échanges{reference}",
    ),
)
_DEFAULT = (
    (),
    "Je reviens vers vous à la suite de nos échanges{reference}.",
    "Je reste à votre disposition pour en parler.",
    "Suite à nos échanges{reference}",
)


def purpose(question):
    """Return opening, wish and subject for what is asked."""
    head = fold(question.last.text[:400] or question.system)

    def score(one):
        return len(re.findall(rf"\b(?:{'|'.join(one[0])})", head))

    best = max(_PURPOSES, key=score)
    return best if score(best) else _DEFAULT


def reference(facts):
    return f" {facts.references[0]}" if facts.references else ""


def subject(question, facts):
    return purpose(question)[3].format(reference=reference(facts))


def is_short(question):
    head = fold(question.system[:600] + question.last.text[:400])
    return bool(re.search(r"\bsms\b|160 caract", head))


def letter(question, facts, seed=0):
    """Return a polite letter that cites only what the question says."""
    _words, opening, wish, _subject = purpose(question)
    people = facts.placeholders("PERSONNE")
    opening = opening.format(reference=reference(facts))
    if is_short(question):
        start = f"Bonjour, {opening[0].lower()}{opening[1:]}"
        return f"{start} {wish.split('?')[0].strip()} ?"[:160]
    hello = f"Bonjour {people[0]}," if people else "Bonjour,"
    lines = [opening]
    if facts.amounts and reference(facts):
        lines.append(f"Son montant est de {facts.amounts[0]}.")
    elif facts.amounts:
        lines.append(f"Nous avions évoqué un montant de {facts.amounts[0]}.")
    future = [text for text, day in facts.dates if day >= facts.today]
    if future:
        lines.append(f"Je garde en tête l'échéance du {future[0]}.")
    ends = (
        "Je vous souhaite une belle journée.",
        "Merci d'avance pour votre retour.",
        "Bien à vous.",
    )
    body = " ".join(lines)
    return f"{hello}\n\n{body}\n\n{wish}\n\n{ends[seed % len(ends)]}\n\nCordialement"


def about_results(results):
    """Return an answer in words from what tools gave: only their numbers.

    :param results: decoded JSON, or text
    """
    lines = []
    for result in results:
        if isinstance(result, str):
            lines.append(result.strip())
        else:
            lines += _tell(result)
    told = [line for line in lines if line][:12]
    if not told:
        return "Je n'ai rien trouvé dans vos données pour cette question."
    return "Voici ce que disent vos données :\n" + "\n".join(f"- {one}" for one in told)


_UNTOLD = (
    "id",
    "model",
    "url",
    "link",
    "currency",
    "kind",
    "words",
    "weighted",
    "note",
)


def _tell(value, name=""):
    if isinstance(value, dict):
        pages = value.get("pages")
        if isinstance(pages, list):
            first = next((one for one in pages if isinstance(one, dict)), {})
            return [first.get("text", "")]
        error = value.get("error") or value.get("erreur")
        if error:
            return [f"Ce n'est pas possible : {error}"]
        label = next(
            (
                value[key]
                for key in ("ref", "name", "display_name", "label", "nom", "title")
                if isinstance(value.get(key), str)
            ),
            "",
        )
        plain = {
            key: item
            for key, item in value.items()
            if isinstance(item, int | float | str)
            and not isinstance(item, bool)
            and item != label
            and item != ""
            and not str(item).startswith("[")
            and key not in _UNTOLD
        }
        facts = ", ".join(f"{_spell(key)} : {item}" for key, item in plain.items())
        lines = [f"{label} ({facts})" if label and facts else label or facts]
        for key, item in value.items():
            if isinstance(item, dict | list):
                lines += _tell(item, key)
        return lines
    if isinstance(value, list):
        return [line for item in value[:8] for line in _tell(item, name)]
    return [f"{_spell(name)} : {value}" if name else str(value)]


def _spell(key):
    words = {
        "count": "nombre", "total": "total", "amount": "montant", "sum": "somme",
        "expected_revenue": "chiffre d'affaires attendu", "days": "jours",
        "average": "moyenne", "stage": "étape", "stage_id": "étape",
        "date_deadline": "échéance", "user": "vendeur", "user_id": "vendeur",
        "closing": "clôture", "idle_days": "jours sans échange", "phone": "téléphone",
        "email": "e-mail", "city": "ville", "open_deals": "affaires ouvertes",
    }  # fmt: skip
    return words.get(key, key.replace("_", " "))
