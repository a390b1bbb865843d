"""DOCX files made for tests: honest ones by python-docx, hostile ones by hand."""

import io
import zipfile

from docx import Document


def make_docx(*paragraphs, table=(), header=""):
    """Return a DOCX of these paragraphs, one table row per tuple of cells."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if table:
        grid = document.add_table(0, len(table[0]))
        for row in table:
            for cell, text in zip(grid.add_row().cells, row, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def add_parts(content, **parts):
    """Return the file with other parts; ``__`` in a name stands for ``/``."""
    return replace_parts(content, {n.replace("__", "/"): b for n, b in parts.items()})


def replace_parts(content, parts, edit=None):
    """Return the file with `parts` added and `edit` (name -> function) applied."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            body = before.read(entry)
            if edit and entry.filename in edit:
                body = edit[entry.filename](body)
            after.writestr(entry.filename, body)
        for name, body in parts.items():
            after.writestr(name, body)
    return result.getvalue()


def words(content):
    """Return the text of the body, tables and headers of a DOCX."""
    document = Document(io.BytesIO(content))
    found = [p.text for p in document.paragraphs]
    for table in document.tables:
        found += ["|".join(c.text for c in row.cells) for row in table.rows]
    found += [p.text for p in document.sections[0].header.paragraphs]
    return [text for text in found if text.strip()]
