"""An answer in any JSON schema, from the facts of the question."""

import json
import re
from datetime import timedelta

from . import letters, sentences
from .facts import fold, words
from .sentences import KINDS

_UNHAPPY = re.compile(
    r"mecontent|decu|inadmissible|inacceptable|retard|probleme|plainte|scandal|rembours"
    r"|insatisf|ras le bol|colere|toujours pas"
)
_HAPPY = re.compile(r"merci|ravi|parfait|super|excellent|satisfait|bravo|content")
_URGENT = re.compile(r"urgent|rapidement|au plus vite|des que possible")


class Writer:
    """Writes one answer. :param seed: another answer for another seed"""

    def __init__(self, question, facts, seed=0):
        self.question = question
        self.facts = facts
        self.seed = seed

    def write(self, schema):
        self._known = schema.get("$defs") or schema.get("definitions") or {}
        return self._value(schema, "", None, 0)

    def _value(self, schema, name, item, depth):
        """:param item: sentence or numbered fact that the object is about"""
        schema = self._resolve(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._choose(schema["enum"], name, item)
        if "anyOf" in schema or "oneOf" in schema:
            return self._either(schema, name, item, depth)
        kind = schema.get("type")
        if isinstance(kind, list):
            choices = [{**schema, "type": one} for one in kind]
            return self._either({"anyOf": choices}, name, item, depth)
        hint = fold(f"{name} {schema.get('description', '')}")
        if kind == "object" or "properties" in schema:
            if item is None and depth and (found := self._about(name)) is not None:
                item = found
            return {
                key: self._value(child, key, item, depth + 1)
                for key, child in schema.get("properties", {}).items()
            }
        if kind == "array":
            return self._list(schema, name, item, depth)
        if kind == "integer":
            return self._limit(schema, int(self._number(name, hint, item)))
        if kind == "number":
            return self._limit(schema, self._number(name, hint, item))
        if kind == "boolean":
            return self._is(hint, item)
        if kind == "null":
            return None
        return self._fit(schema, self._text(name, hint, item, schema))

    def _about(self, name):
        """Return the sentence that a single object is about, None for any."""
        folded = fold(name)
        for key, pattern in KINDS.items():
            if re.search(key, folded):
                found = [
                    one
                    for one in self.facts.sentences
                    if re.search(pattern, one.folded)
                ]
                if "budget" in key:  # somebody names a sum rather than asks for it
                    found.sort(key=lambda one: not self._amounts(one.text))
                return found[0] if found else None
        return None

    def _resolve(self, schema):
        while "$ref" in schema:
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**self._known[schema["$ref"].rsplit("/", 1)[-1]], **rest}
        if len(schema.get("allOf", ())) == 1:
            schema = {**schema, **schema["allOf"][0]}
        return schema

    def _either(self, schema, name, item, depth):
        choices = [self._resolve(one) for one in schema.get("anyOf") or schema["oneOf"]]
        may_be_null = any(one.get("type") == "null" for one in choices)
        others = [one for one in choices if one.get("type") != "null"]
        if not others:
            return None
        is_object = others[0].get("type") == "object"
        if is_object and may_be_null and item is None:
            known = any(re.search(key, fold(name)) for key in KINDS)
            if known and self._about(name) is None:
                return None
            return self._value(others[0], name, item, depth)
        described = {"description": schema.get("description", ""), **others[0]}
        value = self._value(described, name, item, depth)
        is_unknown = value in ("", [], {}) or (
            may_be_null and self._is_unknown(fold(name), item)
        )
        return None if may_be_null and is_unknown else value

    def _is_unknown(self, name, item):
        """Whether nothing in the question tells this."""
        facts = self.facts
        about = getattr(item, "text", None)
        if re.search(r"budget|amount|montant|price|value", name):
            return not self._amounts(about)
        if re.search(r"date|deadline|echeance|due|when", name):
            return not self._days(about)
        if re.search(r"owner|person|who|decision_?maker|contact|speaker|author", name):
            return not self._person(item)
        if re.search(r"error|problem|refus|missing|comment|note", name):
            return True
        return not facts.text

    def _limit(self, schema, number):
        low, high = schema.get("minimum"), schema.get("maximum")
        number = max(number, low) if low is not None else number
        return min(number, high) if high is not None else number

    def _fit(self, schema, text):
        longest = schema.get("maxLength")
        text = text[:longest] if longest else text
        return text.ljust(schema.get("minLength", 0), ".")

    # === Lists === #

    def _list(self, schema, name, item, depth):
        child = self._resolve(schema.get("items") or {"type": "string"})
        low, high = schema.get("minItems", 0), schema.get("maxItems", 6)
        folded = fold(name)
        if re.search(r"(^|_)ids?$|_ids$|^facts?$|^sources?$|^references?$", folded):
            values = self._identities(child, item)
        elif folded == "found" or child.get("type") in ("integer", "number"):
            values = []
        elif "enum" in child:
            values = [self._choose(child["enum"], name, item)]
        elif re.search(r"alternativ|variant|drafts?$|versions?$|subjects?$", folded):
            writers = [Writer(self.question, self.facts, seed) for seed in range(3)]
            values = []
            for writer in writers:
                writer._known = self._known
                values.append(writer._value(child, name.rstrip("s"), item, depth + 1))
        else:
            values = [
                self._value(child, name.rstrip("s"), one, depth + 1)
                for one in self._items(folded, child)
            ]
        while len(values) < low:
            values.append(self._value(child, name, None, depth + 1))
        unique = []
        for value in values:
            if value not in unique:
                unique.append(value)
        return unique[: min(high, 6)]

    def _items(self, name, child):
        """Return what the objects of a list are about."""
        numbered = list(self.facts.numbered.values())
        wants_facts = re.search(r"fact", json.dumps(child.get("properties", {})))
        if numbered and (wants_facts or re.search(r"sentence|phrase|insight", name)):
            return numbered[:6]
        for key, pattern in KINDS.items():
            if re.search(key, name):
                return [
                    one
                    for one in self.facts.sentences
                    if re.search(pattern, one.folded)
                ][:5]
        ranked = sorted(
            self.facts.sentences,
            key=lambda one: (
                -(2 * bool(re.search(r"\d", one.text)) + len(one.text) / 80)
            ),
        )[:4]
        return sorted(ranked, key=lambda one: one.number) or numbered[:4]

    def _identities(self, child, item):
        if isinstance(item, dict):
            own = [
                item[key] for key in ("id", "fact_id", "fact", "code") if key in item
            ]
            values = own[:1]
        else:
            values = list(self.facts.numbered)[:2]
        if child.get("type") == "integer":
            return [int(one) for one in values if str(one).isdigit()]
        return [str(one) for one in values]

    # === Values === #

    def _choose(self, options, name, item):
        texts = [one for one in options if isinstance(one, str)]
        if not texts:
            return options[0]
        about = fold(getattr(item, "text", "") or self.facts.given)
        mood = self._mood(texts, about)
        if mood:
            return mood
        present = [one for one in texts if fold(one).replace("_", " ") in about]
        if present:
            return present[0]
        if re.search(r"lang", fold(name)) and "fr" in texts:
            return "fr"
        neutral = ("neutral", "neutre", "medium", "moyen", "moyenne", "other", "autre")
        return next((one for one in texts if fold(one) in neutral), texts[0])

    def _mood(self, texts, about):
        groups = (
            (_UNHAPPY, ("unhappy", "negative", "angry", "mecontent", "negatif", "bad")),
            (_HAPPY, ("happy", "positive", "satisfied", "content", "positif", "good")),
            (_URGENT, ("urgent", "high", "haute", "elevee")),
        )
        for pattern, names in groups:
            found = next((one for one in texts if fold(one) in names), None)
            if found and pattern.search(about):
                return found
        return None

    def _is(self, hint, item):
        about = fold(getattr(item, "text", "") or self.facts.given)
        if re.search(r"unhapp|mecontent|negati|alert|plainte", hint):
            return bool(_UNHAPPY.search(about))
        if "urgent" in hint:
            return bool(_URGENT.search(about))
        return False

    def _amounts(self, about):
        if about is None:
            return self.facts.amounts
        return [one for one in self.facts.amounts if one in about]

    def _days(self, about):
        if about is None:
            return [day for _text, day in self.facts.dates if day >= self.facts.today]
        folded = fold(about)
        return [day for text, day in self.facts.dates if fold(text) in folded]

    def _number(self, name, hint, item):
        if isinstance(item, dict):
            value = item.get(name)
            if isinstance(value, int | float):
                return value
        if hasattr(item, "number"):
            if re.search(r"line|segment|index|position|place|source|start", fold(name)):
                digits = re.sub(r"\D", "", item.identity)
                return int(digits) if digits else item.number
            found = self._amounts(item.text)
        else:
            found = self.facts.amounts
        if re.search(r"confidence|certain|probab", hint):
            return 0.8
        if re.search(r"budget|amount|montant|price|revenue", hint) and found:
            digits = re.sub(r"[^\d,]", "", found[0]).replace(",", ".")
            return float(digits) if digits.strip(".") else 0
        known = self.facts.leaf(fold(name)) if name else None
        is_number = isinstance(known, int | float) and not isinstance(known, bool)
        return known if is_number else 0

    def _person(self, item):
        people = self.facts.placeholders("PERSONNE")
        if hasattr(item, "text"):
            named = [one for one in people if one in item.raw]
            return (named or [item.speaker])[0]
        if people:
            return people[0]
        known = self.facts.leaf("contact", "partner", "person", "speaker", "user")
        speakers = [one.speaker for one in self.facts.sentences if one.speaker]
        return known if isinstance(known, str) else (speakers or [""])[0]

    def _text(self, name, hint, item, schema):
        folded = fold(name)
        form = schema.get("format")
        about = getattr(item, "text", None)
        if about is not None and "mots" in hint and re.search(r"due|deadline", folded):
            return sentences.when(about)
        if folded == "what" and about is not None:
            return sentences.to_do(about)
        if folded == "name" and about is not None:
            return sentences.who(about)
        if form in ("date", "date-time") or re.search(
            r"date|deadline|echeance|due", folded
        ):
            about = getattr(item, "text", None)
            days = self._days(about) or self._days(None)
            day = days[0] if days else self.facts.today + timedelta(days=7)
            return day.isoformat() + ("T09:00:00Z" if form == "date-time" else "")
        for pattern, maker in _TEXTS:
            if re.search(pattern, folded):
                return maker(self, item)
        if isinstance(item, dict):
            return self._fact_sentence(item)
        if hasattr(item, "text"):
            return item.text
        known = self.facts.leaf(folded) if len(folded) > 3 else None
        if isinstance(known, str):
            return known
        told = self._summary(item)
        return told or letters.letter(self.question, self.facts, self.seed)

    def _subject(self, item):
        return letters.subject(self.question, self.facts)

    def _letter(self, item):
        return letters.letter(self.question, self.facts, self.seed)

    def _summary(self, item):
        if isinstance(item, dict):
            return self._fact_sentence(item)
        if hasattr(item, "text"):
            return item.text
        chosen = [one.text for one in self._items("", {}) if hasattr(one, "text")][:3]
        return " ".join(one if one[-1:] in ".!?" else f"{one}." for one in chosen)

    def _quote(self, item):
        if hasattr(item, "text"):
            return item.text
        unhappy = [s for s in self.facts.sentences if _UNHAPPY.search(s.folded)]
        told = unhappy or self.facts.sentences
        return told[0].text if told else ""

    def _reason(self, item):
        told = self._summary(item)
        return told or "C'est ce que disent les échanges."

    def _mood_text(self, item):
        about = fold(getattr(item, "text", "") or self.facts.given)
        if _UNHAPPY.search(about):
            return "mécontent"
        return "satisfait" if _HAPPY.search(about) else "neutre"

    def _identity(self, item):
        if isinstance(item, dict):
            return str(next(iter(self._identities({}, item)), ""))
        if hasattr(item, "identity"):
            return item.identity or str(item.number)
        return str(next(iter(self.facts.numbered), ""))

    def _amount_text(self, item):
        return (self._amounts(getattr(item, "text", None)) or [""])[0]

    def _placeholder(self, kind):
        return (self.facts.placeholders(kind) or [""])[0]

    def _fact_sentence(self, fact):
        """A sentence that says a numbered fact with its own figures only."""
        return sentences.fact_sentence(fact)


# Name of a property -> its text.
_TEXTS = (
    (r"subject|objet", Writer._subject),
    (r"body|message|draft|letter|brouillon|reply|sms|content|mail$", Writer._letter),
    (r"summary|resume|overview|synthese", Writer._summary),
    (r"quote|evidence|extract|citation|verbatim|passage", Writer._quote),
    (r"reason|why|because|explanation|justif", Writer._reason),
    (r"(^|_)id$|fact$|position|place$|segment|line$", Writer._identity),
    (r"owner|person|who|decision_?maker|assignee|speaker|contact|author|responsable",
     lambda self, item: self._person(item)),
    (r"budget|amount|montant|price|prix", Writer._amount_text),
    (r"e?mail", lambda self, item: self._placeholder("EMAIL")),
    (r"phone|telephone", lambda self, item: self._placeholder("TELEPHONE")),
    (r"company|societe|client", lambda self, item: self._placeholder("SOCIETE")),
    (r"lang", lambda self, item: "fr"),
    (r"currency|devise|monnaie", lambda self, item: "EUR"),
    (r"mood|humeur|sentiment|tone$|ton$", Writer._mood_text),
)  # fmt: skip


def break_shape(value):
    """Return an answer that leaves its schema."""
    if isinstance(value, dict) and value:
        first = next(iter(value))
        kept = {key: item for key, item in value.items() if key != first}
        return {**kept, "surprise": 1}
    return [value]


def overlap(text, others):
    return len(set(words(text)) & set(words(others)))
