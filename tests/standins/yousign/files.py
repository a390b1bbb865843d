"""PDF and ZIP files made without any library: signed files and audit trails."""

import io
import re
import zipfile
import zlib

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.S)


def count_pages(content):
    """Count the pages of a PDF, also when its objects are compressed."""
    found = len(_PAGE.findall(content))
    if found:
        return found
    for packed in _STREAM.findall(content):
        try:
            found += len(_PAGE.findall(zlib.decompress(packed)))
        except zlib.error:
            continue
    return max(found, 1)


def sign(content, lines):
    """Return a PDF that says after its end who signed; readers still open it.

    What was there is kept byte for byte, as an incremental update keeps it.
    """
    remarks = b"".join(
        b"%% Yousign stand-in: %s\n" % line.encode("ascii", "backslashreplace")
        for line in lines
    )
    return content.rstrip(b"\r\n") + b"\n" + remarks + b"%%EOF\n"


def make_pdf(pages):
    """Return a PDF with one page per list of lines."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", ""]
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
    kids = []
    for lines in pages:
        text = "".join(f"({_escape(line)}) Tj T* " for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 56 780 Td {text}ET"
        objects.append(f"<</Length {len(stream)}>>stream\n{stream}\nendstream")
        content = len(objects)
        objects.append(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents"
            f" {content} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(kids)}]>>"
    return _assemble(objects)


def _escape(text):
    ascii_text = text.encode("ascii", "replace").decode()
    return re.sub(r"([\\()])", r"\\\1", ascii_text)


def _assemble(objects):
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    rows = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{rows}"
    tail += f"trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode("ascii")


def zip_files(named):
    """:param named: list of (name, bytes); equal names get a number"""
    stream, used = io.BytesIO(), set()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in named:
            stem, number = name.removesuffix(".pdf"), 1
            while name in used:
                number += 1
                name = f"{stem} ({number}).pdf"
            used.add(name)
            archive.writestr(name, content)
    return stream.getvalue()
