"""Names and functions of people and companies in French speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

from odoo.addons.crm_ai.lib.calendar_words import MONTH_NUMBERS, WEEKDAYS
from odoo.addons.crm_ai.lib.folding import fold

_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00dd"
_WORD = rf"[{_UPPER}][\w'\u2019&+.-]*[\w+]|[{_UPPER}]"
_NAME = re.compile(
    rf"(?:(?:M\.|Mme|Mlle|Monsieur|Madame|Me|Dr)\s+)?(?:{_WORD})"
    rf"(?:\s+(?:(?:de|du|des|la|le|&|et(?=\s+(?:Fils|Fr\u00e8res|Associ|Cie"
    rf"|Compagnie)))\s+)?"
    rf"(?:{_WORD}|\d{{1,3}}\b)){{0,3}}"
)
_TITLE = re.compile(r"^(?:M\.|Mme|Mlle|Monsieur|Madame|Me|Dr)\s+")
# capitalised for another reason
_COMMON = {
    *WEEKDAYS, *MONTH_NUMBERS, "eur", "euro", "euros", "usd", "ht", "ttc", "tva", "crm",
    "erp",
    "seo", "ia", "ai", "api", "rgpd", "rse", "rh", "it", "si", "dg", "pdg", "daf",
    "dsi",
    "drh", "dga", "cto", "ceo", "cfo", "codir", "comex", "coo", "cmo", "ok", "web",
    "internet", "excel", "powerpoint", "word", "teams", "zoom", "france", "paris",
    "lyon",
    "marseille", "lille", "bordeaux", "nantes", "toulouse", "europe", "t1", "t2", "t3",
    "t4", "q1", "q2", "q3", "q4", "s1", "s2", "noel", "poc", "mvp", "nda", "rib", "sms",
    "pdf", "kpi", "roi", "ca", "b2b", "b2c", "monsieur", "madame", "mme", "uk", "usa",
}  # fmt: skip
# at the start of a sentence
_STARTERS = set(
    "je j tu il elle on nous vous ils elles ce c cela ca cet cette ces le la les l un"
    " une"
    " des du de d et mais ou donc or ni car si oui non alors bon bien bonjour merci"
    " tres"
    " pour par avec sans sur sous dans chez vers avant apres depuis pendant quand comme"
    " que qu qui quoi quel quelle quels quelles ou est est-ce y en a au aux notre nos"
    " votre vos mon ma mes son sa ses leur leurs voila voici parfait entendu super"
    " exact"
    " exactement effectivement absolument tout toute tous toutes rien plus moins aussi"
    " egalement enfin ensuite puis deja encore jamais toujours peut-etre franchement"
    " honnetement concretement aujourd'hui demain hier maintenant ici la-bas pas quant"
    " vraiment justement evidemment finalement clairement personnellement cote question"
    " d'accord daccord ecoutez ecoute voyez disons idealement globalement note ok hum"
    " euh"
    " eh ah oh hein faut il-faut combien pourquoi comment lorsque afin malgre selon"
    " entre"
    " face contre apparemment actuellement parce puisque meme beaucoup certains chaque"
    " in fine autre autres celui celle ceux quelques plusieurs aucun aucune deux"
    " trois quatre"
    " cinq"
    " six sept huit neuf dix premier premiere second deuxieme troisieme pouvez pourriez"
    " avez etes allez regardez imaginez prenez attendez n'oubliez bref surtout sinon"
    " sachant vu grace budget date equipe projet client agence societe directeur"
    " directrice"
    " general generale president presidente responsable".split()
)
_ROLES = (
    (r"president(?:e)?[ -]directeur(?:rice|trice)? general(?:e)?|\bpdg\b", "PDG"),
    (r"directeur general adjoint|directrice generale adjointe|\bdga\b", "DGA"),
    (r"direct(?:eur|rice)\s+general(?:e)?|\bdg\b|direction generale|\bceo\b", "DG"),
    (
        r"direct(?:eur|rice)\s+(?:administratif|administrative)\s+et\s+financ\w+"
        r"|direct(?:eur|rice)\s+financ(?:ier|iere)|\bdaf\b|\bcfo\b",
        "DAF",
    ),
    (
        r"direct(?:eur|rice)\s+(?:des\s+systemes\s+d'information|informatique"
        r"|technique)"
        r"|\bdsi\b|\bcto\b",
        "DSI",
    ),
    (r"direct(?:eur|rice)\s+des\s+ressources\s+humaines|\bdrh\b", "DRH"),
    (r"direct(?:eur|rice)\s+(?:du\s+)?marketing|\bcmo\b", "Direction marketing"),
    (r"direct(?:eur|rice)\s+commercial(?:e)?", "Direction commerciale"),
    (r"direct(?:eur|rice)\s+des\s+achats|service achats|\bacheteu[rs]e?\b", "Achats"),
    (r"comite de direction|\bcodir\b|\bcomex\b|comite executif", "CODIR"),
    (r"conseil d'administration", "Conseil d'administration"),
    (r"\bpresident(?:e)?\b", "Présidence"),
    (r"\bgerante?\b", "Gérance"),
    (r"\bfondat(?:eur|rice)\b|\bdirigeante?\b|\bpatron(?:ne)?\b", "Dirigeant"),
    (r"\bassocie(?:e)?s?\b", "Associés"),
    (r"\bdirect(?:eur|rice)\s+de\s+(?:la\s+|l')?\w+", "Direction"),
    (r"responsable\s+(?:des\s+|du\s+|de\s+la\s+|d'|de\s+l')?\w+", "Responsable"),
)
_ROLE_PATTERNS = tuple((re.compile(pattern), label) for pattern, label in _ROLES)


@dataclass(frozen=True)
class Role:
    """A function named in a text; :param label: its usual short name."""

    start: int
    end: int
    label: str


def roles_in(text: str) -> list[Role]:
    """Return the functions of people in a text, in order, the longer first."""
    folded = fold(text)
    kept: list[Role] = []
    for pattern, label in _ROLE_PATTERNS:
        for match in pattern.finditer(folded):
            if any(match.start() < k.end and k.start < match.end() for k in kept):
                continue
            words = text[match.start() : match.end()]
            is_vague = label in ("Direction", "Responsable")
            kept.append(Role(match.start(), match.end(), words if is_vague else label))
    return sorted(kept, key=lambda role: role.start)


def find_names(text: str, companies: bool = False) -> list[str]:
    """Return the proper names of a sentence, in order.

    :param companies: without names that follow a civility
    """
    found = []
    for match in _NAME.finditer(text):
        name = match.group().strip(" .,'")
        has_title = bool(_TITLE.match(name))
        if companies and has_title:
            continue
        name = _without_starter(name)
        if name and not _is_common(name) and name not in found:
            found.append(name)
    return found


def _without_starter(name: str) -> str:
    """Drop first words that are capitalised by their place only."""
    words = name.split()
    while words and fold(words[0]).rstrip("'") in _STARTERS:
        words = words[1:]
        while words and words[0] in ("de", "du", "des", "la", "le", "et"):
            words = words[1:]
    if words and "'" in fold(words[0]):
        head = fold(words[0]).partition("'")[0]
        if head in _STARTERS | {"qu", "n", "s", "t", "m", "jusqu", "lorsqu"}:
            rest = words[0][len(head) + 1 :]
            words = [rest, *words[1:]] if rest[:1].isupper() else words[1:]
    while words and (words[-1] in ("et", "de", "&") or words[-1].isdigit()):
        words = words[:-1]
    return " ".join(words)


def _is_common(name: str) -> bool:
    words = [fold(word).strip(".") for word in name.split()]
    return all(word in _COMMON or word in _STARTERS or len(word) < 2 for word in words)
