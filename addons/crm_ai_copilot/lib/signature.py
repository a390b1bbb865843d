"""What the foot of a mail says of its writer, and the company behind an address."""

from __future__ import annotations

import re
from dataclasses import dataclass

from odoo.addons.crm_ai.lib.folding import fold

from .mood import own_words

FREE_DOMAINS = frozenset(
    "gmail.com googlemail.com outlook.com outlook.fr hotmail.com hotmail.fr live.fr "
    "live.com msn.com yahoo.com yahoo.fr icloud.com me.com orange.fr wanadoo.fr"
    " free.fr "
    "sfr.fr neuf.fr laposte.net bbox.fr gmx.fr gmx.com protonmail.com proton.me"
    " aol.com "
    "numericable.fr club-internet.fr".split()
)
PHONE = re.compile(
    r"(?<!\d)(?:\+33[ .]?(?:\(0\))?[ .]?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)"
)
SITE = re.compile(r"(?:https?://)?(?:www\.)[\w-]+(?:\.[\w-]+)+(?:/[^\s<>]*)?", re.I)
LEGAL = re.compile(r"\b(?:SAS|SASU|SARL|EURL|SA|SCI|SNC|SCOP|GmbH|Ltd)\b")
JOB = re.compile(
    r"\b(?:direct(?:eur|rice)|responsable|charge[e]?"
    r" d|gerante?|president[e]?|fondat(?:eur|"
    r"rice)|assistante?|chef|cheffe|ingenieure?|comptable|acheteu(?:r|se)|consultante?|"
    r"associee?|secretaire|manager|ceo|cto|cfo|pdg|dg|daf|drh|dsi)\b"
)
MAX_LINES = 8
MAX_LINE = 80


@dataclass(frozen=True)
class Found:
    """A value with the line that states it."""

    field: str
    value: str
    evidence: str


def company_from_address(address: str) -> str:
    """Return the name that a professional address hints at, empty for a free one.

    >>> company_from_address("h.dupont@bio-tech.fr")
    'Bio Tech'
    """
    domain = address.rpartition("@")[2].strip().lower()
    if "." not in domain or domain in FREE_DOMAINS:
        return ""
    parts = domain.split(".")
    name = (
        parts[-3]
        if len(parts) > 2 and parts[-2] in ("co", "com", "asso")
        else parts[-2]
    )
    return " ".join(word.capitalize() for word in re.split(r"[-_]", name) if word)


def _foot(text: str) -> list[str]:
    lines = [line.strip(" -–|*\u00a0") for line in own_words(text).splitlines()]
    return [line for line in lines if line and len(line) <= MAX_LINE][-MAX_LINES:]


def read_signature(text: str, name: str) -> list[Found]:
    """Return what the last lines state, each field once.

    :param name: of the writer; a line that holds it may hold the job, too
    """
    found: dict[str, Found] = {}

    def keep(field: str, value: str, line: str) -> None:
        value = value.strip(" ,;:-|")
        if value and field not in found:
            found[field] = Found(field, value, line)

    for line in _foot(text):
        for match in PHONE.finditer(line):
            keep("phone", match[0], line)
        for match in SITE.finditer(line):
            keep("website", match[0].rstrip(".,;"), line)
        rest = re.split(r"\s+[|–-]\s+|,\s+", line)
        for piece in rest:
            if fold(piece) == fold(name):
                continue
            if JOB.search(fold(piece)) and len(piece.split()) <= 7:
                keep("function", piece, line)
            elif LEGAL.search(piece) and len(piece.split()) <= 6:
                keep("partner_name", piece, line)
    return list(found.values())
