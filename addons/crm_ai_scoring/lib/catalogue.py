"""What a feature and the SQL that reads it look like, for addons that add some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["number", "flag", "category"]
Unit = Literal["", "days", "hours", "money", "share"]


@dataclass(frozen=True)
class Feature:
    """A fact of a deal that its score may rest on.

    :param name: column; letters, digits, `_` and `:`
    :param label: in the reader's language, with a capital
    :param fact: where its proof is shown: a field of the deal, or `mails`, `calls`,
        `meetings`, `notes`, `activities`, `stages`, `seller`, `client`, or a word of
        another addon (`_open_fact_<word>` of `crm.score.reader`)
    :param comodel: model whose ids are the values of a category
    :param choices: (value, label) of a category that is no model
    :param dated: known as it was at any past moment; others are watched for being
        filled when a deal ends
    :param learns: False for facts that are destroyed when a deal closes (planned
        activities of a lost deal): criteria may use them, models must not
    :param advice: what to do about it, in the reader's language; empty when nobody can
    :param target: value the advice leads to
    """

    name: str
    kind: Kind
    label: str
    fact: str = ""
    unit: Unit = ""
    comodel: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    dated: bool = True
    learns: bool = True
    advice: str = ""
    target: float | None = None


@dataclass(frozen=True)
class Fragment:
    """Columns read by one query.

    :param columns: names, in the order of the query after `lead_id`
    :param build: given the scope (an SQL text that yields `lead_id` and `as_of`, to be
        put in parentheses), returns the query; its first column is `lead_id`, all are
        cast to `float8` and never NULL ('NaN' instead), at most one row a deal. It
        reads nothing that happened at `as_of` or later
    :param empty: value of deals without a row
    """

    columns: tuple[str, ...]
    build: Callable[[Any], Any]
    empty: float = 0.0
