"""Fills a DOCX with docxtpl, with nothing in its Jinja but our own filters."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from docxtpl import DocxTemplate, InlineImage, Listing
from jinja2 import StrictUndefined
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..lib.docx_language import OPTIONS, rewrite
from ..lib.grammar import Filter, MarkerError
from ..lib.html_render import (
    MAX_ROWS,
    DocumentTooLarge,
    Missing,
    apply_filters,
    image_type,
)
from ..lib.html_tree import parse, plain_text
from ..lib.values import EMPTY, Value, compare, is_true

MAX_OUTPUT_BYTES = 20_000_000
# English Metric Units, as DOCX counts: 360 000 per centimetre.
IMAGE_HEIGHT = int(2.5 * 360_000)


class DocxFailed(Exception):
    """The file could not be filled; the message is for the log."""


@dataclass(frozen=True)
class FilledDocx:
    """A filled file and the values it asked for in vain."""

    content: bytes
    missing: list[Missing]


class _OurMarkers(Extension):
    """Whatever source reaches Jinja is our own rewriting of it."""

    def preprocess(self, source, name, filename=None):
        return rewrite(source)


class _Template(DocxTemplate):
    def render_properties(self, context, jinja_env=None):
        """Author and title are left as they are: nobody checks their markers."""


class _Filler:
    def __init__(self, template, describe, mark, options) -> None:
        self.template, self.describe, self.mark = template, describe, mark
        self.options = options
        self.missing: dict[str, Missing] = {}
        self.rows = 0

    def environment(self) -> ImmutableSandboxedEnvironment:
        env = ImmutableSandboxedEnvironment(
            autoescape=True, undefined=StrictUndefined, extensions=[_OurMarkers]
        )
        env.globals.clear()
        env.filters.clear()
        env.tests.clear()
        env.filters.update(
            _write=self.print_value,
            _rows=self.limit_rows,
            _kept=lambda options, label: bool(options.get(label, True)),
            _true=is_true,
            _compare=_compare,
        )
        return env

    def limit_rows(self, rows: Any) -> list:
        rows = list(rows) if isinstance(rows, (tuple, list)) else []
        self.rows += len(rows)
        if self.rows > MAX_ROWS:
            raise DocumentTooLarge
        return rows

    def print_value(self, value: Any, path: str, spec: str) -> Any:
        value = value if isinstance(value, Value) else EMPTY
        filters = json.loads(spec)
        if value.is_missing:
            return self.print_missing(path, filters)
        if value.kind == "image":
            if not image_type(value.image):
                return ""
            picture = io.BytesIO(value.image)
            return InlineImage(self.template, picture, height=IMAGE_HEIGHT)
        text = plain_text(parse(value.text)[0]) if value.kind == "html" else value.text
        text = apply_filters(text, tuple(Filter(name) for name in filters))
        return Listing(_printable(text))

    def print_missing(self, path: str, filters: dict) -> str:
        if "sinon" in filters:
            return filters["sinon"]
        label, is_optional = self.describe(tuple(path.split(".")))
        if is_optional:
            return ""
        self.missing.setdefault(path, Missing(path, label))
        return self.mark(label)


def _compare(value: Any, operator: str, expected: str, is_number: int) -> bool:
    return compare(value, operator, Decimal(expected) if is_number else expected)


def _printable(text: str) -> str:
    """Drop control characters: XML has no place for them."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32)


def fill_docx(
    content: bytes,
    values: Mapping[str, Any],
    *,
    describe: Callable[[tuple[str, ...]], tuple[str, bool]],
    mark: Callable[[str], str],
    options: Mapping[str, bool] | None = None,
) -> FilledDocx:
    """Return the file filled with `values`; `content` was inspected before.

    :param describe: path -> (label, may be empty)
    :param mark: label -> what is written where a value is missing
    :raise DocxFailed: docxtpl or Jinja could not
    :raise DocumentTooLarge: too many rows, or a result of more than 20 MB
    """
    template = _Template(io.BytesIO(content))
    filler = _Filler(template, describe, mark, options or {})
    result = io.BytesIO()
    try:
        context = {**values, OPTIONS: dict(options or {})}
        template.render(context, filler.environment(), autoescape=True)
        template.save(result)
    except DocumentTooLarge:
        raise
    except (TemplateError, MarkerError) as error:
        raise DocxFailed(f"{type(error).__name__}: {error}") from error
    except (ValueError, KeyError, TypeError, AttributeError, SyntaxError) as error:
        # docxtpl works on XML as text: what it spoils shows up as one of these
        raise DocxFailed(f"{type(error).__name__}: {error}") from error
    filled = result.getvalue()
    if len(filled) > MAX_OUTPUT_BYTES:
        raise DocumentTooLarge
    return FilledDocx(filled, list(filler.missing.values()))
