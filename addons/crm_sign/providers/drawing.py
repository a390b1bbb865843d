"""Pages drawn with reportlab and taken over into another PDF.

The fonts of the addon (DejaVu, cut down to European scripts) are embedded, so that
names with accents and the euro sign look the same everywhere. What they lack, such
as Chinese, is drawn as an empty box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from .page_geometry import Matrix
from .refused import PdfRefused

FONT, BOLD = "CrmSignSans", "CrmSignSans-Bold"
FONT_FILES = {FONT: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
FONT_FOLDER = Path(__file__).resolve().parents[1] / "static" / "fonts"
LEADING = 1.2
LARGEST_TEXT, SMALLEST_TEXT, TEXT_STEP = 11.0, 4.0, 0.5
MAX_PICTURE_BYTES = 3 * 1024 * 1024
MAX_PICTURE_PIXELS = 12_000_000
_PICTURE_HEADERS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab, once per process."""
    for name, file_name in FONT_FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(FONT_FOLDER / file_name)))
    pdfmetrics.registerFontFamily(
        FONT, normal=FONT, bold=BOLD, italic=FONT, boldItalic=BOLD
    )


def new_canvas(target: BytesIO) -> Canvas:
    """Return an empty drawing that carries our fonts."""
    register_fonts()
    canvas = Canvas(target, pageCompression=1, initialFontName=FONT)
    canvas.setCreator("CRM Suite")
    return canvas


def read_picture(content: bytes) -> ImageReader:
    """Return a PNG or JPEG picture, transparency included.

    :raise PdfRefused: picture
    """
    if not content.startswith(_PICTURE_HEADERS) or len(content) > MAX_PICTURE_BYTES:
        raise PdfRefused("picture", "not a small PNG or JPEG")
    try:
        picture = ImageReader(BytesIO(content))
        width, height = picture.getSize()
        if not 0 < width * height <= MAX_PICTURE_PIXELS:
            raise PdfRefused("picture", f"{width} x {height} pixels")
        picture.getRGBData()
    except PdfRefused:
        raise
    except Exception as error:  # the decoder names no family of errors
        raise PdfRefused("picture", f"{type(error).__name__}: {error}") from error
    return picture


def draw_picture(
    canvas: Canvas, content: bytes, box: tuple[float, float, float, float]
) -> None:
    """Draw a picture inside a box (left, bottom, width, height), centred.

    The same initials on each page are decoded once.
    """
    x, y, width, height = box
    known = canvas.__dict__.setdefault("_crm_sign_pictures", {})
    if content not in known:
        known[content] = read_picture(content)
    canvas.drawImage(
        known[content],
        x,
        y,
        width,
        height,
        mask="auto",
        preserveAspectRatio=True,
        anchor="c",
    )


def fit_text(
    text: str, width: float, height: float, font: str = FONT
) -> tuple[float, list[str]]:
    """Return the largest size and the lines with which a text fits into a box.

    What does not fit at the smallest size ends with three dots: the whole value is
    on the page of evidence.
    """
    size = min(LARGEST_TEXT, max(height / LEADING, SMALLEST_TEXT))
    while True:
        lines = _break_lines(text, font, size, width)
        if len(lines) * size * LEADING <= height + 0.01 or size <= SMALLEST_TEXT:
            break
        size = max(size - TEXT_STEP, SMALLEST_TEXT)
    room = max(int((height + 0.01) / (size * LEADING)), 1)
    if len(lines) > room:
        last = lines[room - 1]
        while last and pdfmetrics.stringWidth(f"{last}...", font, size) > width:
            last = last[:-1]
        lines = [*lines[: room - 1], f"{last}..."]
    return size, lines


def _break_lines(text: str, font: str, size: float, width: float) -> list[str]:
    """Break at spaces, and inside words that are wider than the box."""
    lines = []
    for line in simpleSplit(text, font, size, width) or [""]:
        while len(line) > 1 and pdfmetrics.stringWidth(line, font, size) > width:
            cut = len(line) - 1
            while cut > 1 and pdfmetrics.stringWidth(line[:cut], font, size) > width:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines


def draw_text(
    canvas: Canvas,
    text: str,
    box: tuple[float, float, float, float],
    font: str = FONT,
) -> None:
    """Write a text into a box (left, bottom, width, height), vertically centred."""
    register_fonts()
    x, y, width, height = box
    size, lines = fit_text(text, width, height, font)
    block = len(lines) * size * LEADING
    top = y + (height + block) / 2
    canvas.setFont(font, size)
    for number, line in enumerate(lines):
        canvas.drawString(x, top - (number + 1) * size * LEADING + size * 0.3, line)


@dataclass(frozen=True)
class TakenPage:
    """A page of another PDF, its objects already in ours."""

    size: tuple[float, float]
    resources: generic.PdfObject
    data: bytes


def take_pages(writer: BasePdfFileWriter, content: bytes) -> list[TakenPage]:
    """Bring the objects of a PDF that we drew into another one.

    All pages are taken in one go, so that they share their fonts.
    """
    reader = PdfFileReader(BytesIO(content))
    kids = reader.root["/Pages"]["/Kids"]
    pages = [kids[index] for index in range(len(kids))]
    wanted = generic.ArrayObject([page["/Resources"] for page in pages])
    wanted.container_ref = reader.root_ref
    resources = writer.import_object(wanted)
    return [
        TakenPage(
            size=(float(page["/MediaBox"][2]), float(page["/MediaBox"][3])),
            resources=resources.raw_get(number),
            data=page["/Contents"].data,
        )
        for number, page in enumerate(pages)
    ]


def as_form(
    writer: BasePdfFileWriter, page: TakenPage, matrix: Sequence[float] | None = None
) -> generic.IndirectObject:
    """Return a page as a form that other content can draw."""
    values = {
        pdf_name("/Type"): pdf_name("/XObject"),
        pdf_name("/Subtype"): pdf_name("/Form"),
        pdf_name("/BBox"): numbers((0, 0, *page.size)),
        pdf_name("/Resources"): page.resources,
    }
    if matrix:
        values[pdf_name("/Matrix")] = numbers(matrix)
    stream = generic.StreamObject(values, stream_data=page.data)
    stream.compress()
    return writer.add_object(stream)


def numbers(values: Sequence[float]) -> generic.ArrayObject:
    """Return numbers as an array of the PDF."""
    return generic.ArrayObject(generic.FloatObject(value) for value in values)


def write_matrix(matrix: Matrix) -> bytes:
    """Return the operator that moves what is drawn next."""
    return b" ".join(b"%.4f" % value for value in matrix) + b" cm"
