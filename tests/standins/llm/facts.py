"""What a question says: its facts, amounts, dates, references, people, sentences."""

import json
import re
import unicodedata
from datetime import date
from functools import cached_property

_AMOUNT = re.compile(
    r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})*(?:,\d{1,2})?\s?(?:\u20ac|EUR\b|euros?\b)"
    r"|\d+(?:[.,]\d{1,2})?\s?(?:\u20ac|EUR\b|euros?\b|k\u20ac)"
)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_FRENCH = re.compile(r"\b(\d{1,2})/(\d{1,2})/(20\d\d)\b")
_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre"
    " decembre"
).split()
_SPOKEN = re.compile(rf"\b(\d{{1,2}})(?:er)? ({'|'.join(_MONTHS)})(?: (20\d\d))?\b")
_REFERENCE = re.compile(
    r"\b(?:[A-Z]{1,4}\d{4,}|[A-Z]{2,5}(?:/\d{2,6}){2,3}|[A-Z]{1,4}-\d{3,})\b"
)
_PLACEHOLDER = re.compile(r"\[(PERSONNE|SOCIETE|EMAIL|TELEPHONE)_\d+(?:_[A-Z]+)?\]")
_MARKED = re.compile(
    r"(<{1,3})([\w-]+)[^<>]*>{1,3}\s*\n(.*?)\n\s*<{1,3}/?[\w/ -]+>", re.S
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
# Position in front of a line of a transcript: `[12]`, `#12`, `s12:`, `12|`, `[00:12]`
_POSITION = re.compile(
    r"^\s*(?:[\[(#]?(?P<id>[sS]?\d{1,5})[\])|:.#-]?\s)?\s*"
    r"(?:[\[(]?(?P<time>\d{1,2}:\d\d(?::\d\d)?)[\])]?\s*)?[-|]?\s*"
    r"(?:(?P<speaker>[A-Z]|[^\s:\[\]]{2,30}(?: [^\s:]{2,20})?|\[[A-Z_0-9]+\])\s?:\s)?"
)


def fold(text):
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def words(text):
    return re.findall(r"[a-z0-9]{3,}", fold(text))


def decode_all(text):
    """Return the JSON objects and lists that stand in a text, the outer ones."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while match := re.compile(r"[{\[]").search(text, at):
        try:
            value, at = decoder.raw_decode(text, match.start())
        except ValueError:
            at = match.start() + 1
            continue
        if value and isinstance(value, dict | list):
            found.append(value)
    return found


def flatten(value, path=()):
    """Give (path, leaf) of everything in a value."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from flatten(child, (*path, str(key)))
    elif isinstance(value, list):
        for child in value:
            yield from flatten(child, path)
    else:
        yield path, value


class Sentence:
    """A sentence of a text, with where it stands when the text says so."""

    def __init__(self, line, number):
        match = _POSITION.match(line)
        self.raw = line.strip()
        self.number = number
        self.identity = match["id"] or ""
        self.time = match["time"] or ""
        self.speaker = (match["speaker"] or "").strip()
        self.text = line[match.end() :].strip()
        self.folded = fold(self.text)


class Facts:
    """All that can be picked out of a question. :param today: to read `12 mars`"""

    def __init__(self, text, today):
        self.text = text
        self.today = today
        self.objects = decode_all(text)

    @cached_property
    def leaves(self):
        return [pair for value in self.objects for pair in flatten(value)]

    @cached_property
    def amounts(self):
        return list(dict.fromkeys(m[0].strip() for m in _AMOUNT.finditer(self.text)))

    @cached_property
    def references(self):
        return list(dict.fromkeys(m[0] for m in _REFERENCE.finditer(self.text)))

    @cached_property
    def dates(self):
        """Days that are named, as they are written: [(text, date)], in their order."""
        found = []
        for match in _ISO.finditer(self.text):
            found.append((match, (match[1], match[2], match[3])))
        for match in _FRENCH.finditer(self.text):
            found.append((match, (match[3], match[2], match[1])))
        for match in _SPOKEN.finditer(fold(self.text)):
            month = _MONTHS.index(match[2]) + 1
            year = match[3] or self.today.year
            found.append((match, (year, month, match[1])))
        days = []
        for match, parts in sorted(found, key=lambda pair: pair[0].start()):
            try:
                days.append((match[0], date(*map(int, parts))))
            except ValueError:
                continue
        return list(dict.fromkeys(days))

    def placeholders(self, kind):
        return list(
            dict.fromkeys(
                match[0]
                for match in _PLACEHOLDER.finditer(self.text)
                if match[1] == kind
            )
        )

    @cached_property
    def given(self):
        """The texts between marks: what others wrote; all when nothing is marked."""
        marked = [match[3] for match in _MARKED.finditer(self.text)]
        return "\n".join(marked) or self.text

    @cached_property
    def sentences(self):
        """What people wrote or said: whole sentences, not our instructions."""
        lines = []
        for line in self.given.splitlines():
            head = _POSITION.match(line)
            parts = _SENTENCE.findall(line[head.end() :])
            for part in parts:
                if len(part.split()) >= 4 and not re.search(r'[{}<>]|": ', part):
                    lines.append(line[: head.end()] + part.strip())
        return [Sentence(line, index) for index, line in enumerate(lines)]

    @cached_property
    def numbered(self):
        """Facts with a name of their own: {id: object}."""
        found = {}
        stack = list(self.objects)
        while stack:
            value = stack.pop(0)
            if isinstance(value, dict):
                for key in ("id", "fact_id", "fact", "code"):
                    if isinstance(value.get(key), str | int):
                        found.setdefault(value[key], value)
                        break
                stack += value.values()
            elif isinstance(value, list):
                stack += value
        return found

    def leaf(self, *names):
        """Return the first text or number under one of these keys."""
        for name in names:
            for path, value in self.leaves:
                is_there = path and name in fold(path[-1])
                if is_there and value not in (None, "", False):
                    return value
        return None
