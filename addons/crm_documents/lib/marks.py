"""The marks that stand in a filled text where a value is missing."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

_WORD_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
# Stands for any label in the mark that is searched.
LABEL = "LABEL"


def find_in_html(text: str, template: str) -> list[str]:
    """Return the labels that are still marked in a text, once each, in its order.

    :param template: a mark whose label is `LABEL`
    """
    pattern = _pattern(template).replace(LABEL, r"([^\[\]<>]{1,200})")
    found = re.findall(pattern, text)
    return list(dict.fromkeys(html.unescape(label) for label in found))


def replace_in_html(text: str, values: Mapping[str, str]) -> str:
    """Write values in the place of their marks; the colour goes with the mark.

    :param values: mark -> plain text
    """
    for mark, value in values.items():
        written = html.escape(value, quote=False).replace("\n", "<br>")
        pattern = _pattern(mark)
        for form in (rf"<span[^>]*o_crm_missing[^>]*>\s*{pattern}\s*</span>", pattern):
            text = re.sub(form, lambda _match, new=written: new, text)
    return text


def replace_in_docx(content: bytes, values: Mapping[str, str]) -> bytes:
    """Write values in the place of whole marks of a DOCX that we filled ourselves."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            body = before.read(entry)
            if _WORD_PARTS.fullmatch(entry.filename):
                text = body.decode()
                for mark, value in values.items():
                    text = text.replace(escape(mark), escape(value))
                body = text.encode()
            after.writestr(entry, body)
    return result.getvalue()


def _pattern(mark: str) -> str:
    """Return the pattern of a mark in HTML, whatever wrote its spaces."""
    words = html.escape(mark, quote=False).split()
    return r"(?:\s|\u00a0|&nbsp;)+".join(map(re.escape, words))
