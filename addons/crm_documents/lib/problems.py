"""What is wrong in a template, as facts; models turn them into sentences."""

from __future__ import annotations

from dataclasses import dataclass

# Every code has a sentence in models/crm_document_sentences.py.
CODES = frozenset(
    {
        "unknown",  # no such name
        "group",  # a family of names is no value
        "list",  # a list is repeated, not printed
        "not_list",  # a single value cannot be repeated
        "syntax",  # nothing we know between the braces
        "cut",  # an opening or closing brace alone, or formatting inside
        "unclosed",  # a section without its end
        "unopened",  # an end without its section
        "else",  # "sinon" where there is no "si"
        "attribute",  # a marker inside a link or another attribute
        "too_deep",  # sections in sections in sections
        "too_large",  # the text itself
        "image",  # a picture that would be fetched elsewhere
    }
)


@dataclass(frozen=True)
class Problem:
    """One fault of a template.

    :param code: one of `CODES`
    :param line: number of the line or paragraph, from 1; 0 when it has none
    :param source: what was written there
    :param suggestion: what may have been meant
    """

    code: str
    line: int = 0
    source: str = ""
    suggestion: str | None = None


class TemplateRefused(ValueError):
    """A template that cannot be used; `problems` says why, in the text's order."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(", ".join(p.code for p in problems))
        self.problems = problems
