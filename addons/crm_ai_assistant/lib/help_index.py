"""The French documentation as passages, and the search in them.

`data/help_fr.json` is made of `docs/fr/*.md` by `build`; see the developers' page of
the assistant for the line that makes it anew.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from odoo.addons.crm_ai.lib.folding import fold

MAX_CHARS = 700
_HEADING = re.compile(r"^(#{1,4})\s+(.+?)\s*$")
_WORD = re.compile(r"[a-z0-9]{2,}")
_STOP = frozenset(
    """
    au aux avec ce ces cette comment dans de des du elle en est et faire fait il ils je
    la le les leur ma mes mon ne nos notre nous on ou par pas peut peux plus pour puis
    quand que quel quelle quelles quels qui sa sans se ses si son sont sur ta tes ton
    tu un une vos votre vous y aide veux voudrais faut doit dois cela etre avoir
    """.split()
)


def build(documents: Mapping[str, str]) -> list[dict[str, str]]:
    """Return passages of documents. :param documents: name of the file -> Markdown"""
    passages = []
    for name in sorted(documents):
        passages += _passages(name, documents[name])
    return passages


def _passages(name: str, text: str) -> list[dict[str, str]]:
    found, title, page, lines, in_code = [], "", "", [], False

    def keep() -> None:
        content = _plain("\n".join(lines))
        if title and len(content) > 40:
            found.append(
                {"document": name, "page": page, "title": title, "text": content}
            )

    for line in text.splitlines():
        in_code ^= line.startswith("```")
        heading = None if in_code else _HEADING.match(line)
        if heading:
            keep()
            title, lines = _unmarked(heading[2]), []
            page = title if len(heading[1]) == 1 else page
        elif not in_code and not line.startswith("```"):
            lines.append(line)
    keep()
    return found


def _unmarked(text: str) -> str:
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*`_]{1,2}([^*`_]+)[*`_]{1,2}", r"\1", text).strip()


def _plain(text: str) -> str:
    """Paragraphs and list items, without tables, pictures and marks; cut at a line."""
    kept, size = [], 0
    for block in re.split(r"\n(?=\s*(?:[-*]|\d+\.)\s)|\n\s*\n", text):
        line = " ".join(_unmarked(block).split())
        if not line or line.startswith("|") or line.startswith("<"):
            continue
        if size + len(line) > MAX_CHARS and kept:
            break
        kept.append(line)
        size += len(line)
    return "\n".join(kept)


def terms(text: str) -> list[str]:
    """Return the stems that a text is found by."""
    words = [word for word in _WORD.findall(fold(text)) if word not in _STOP]
    return [word[:6].rstrip("s") if len(word) > 4 else word for word in words]


def search(
    question: str, passages: Sequence[Mapping[str, str]], limit: int = 3
) -> list[Mapping[str, str]]:
    """Return the passages that answer best, none when nothing fits."""
    wanted = set(terms(question))
    if not wanted:
        return []
    counts = [_weighted(passage) for passage in passages]
    spread = Counter(term for count in counts for term in count)
    scored = []
    for index, count in enumerate(counts):
        hits = wanted & count.keys()
        rarity = sum(
            math.log(1 + len(passages) / spread[term]) * (1 + math.log(count[term]))
            for term in hits
        )
        score = rarity * len(hits) / len(wanted)
        scored.append((score, -index))
    best = sorted(scored, reverse=True)[:limit]
    top = best[0][0] if best else 0
    return [
        passages[-index] for score, index in best if score > 1.2 and score > top * 0.4
    ]


def _weighted(passage: Mapping[str, str]) -> Counter:
    """Words of the title count more."""
    count = Counter(terms(passage["text"]))
    for name, weight in (("title", 4), ("page", 2)):
        for term in terms(passage[name]):
            count[term] += weight
    return count


def titles(passages: Iterable[Mapping[str, str]]) -> set[tuple[str, str]]:
    """Return (document, title) of passages."""
    return {(passage["document"], passage["title"]) for passage in passages}
