"""Places for fields, written in the text of a document.

``{{sign:1}}`` is where the first signer signs, ``{{initials:2}}`` where the second
puts initials, ``{{date:1}}``, ``{{text:1:Job title}}`` and ``{{check:1:I agree}}``
ask for values. A ``?`` before the closing braces makes the field optional. Usually
they are written in white; whatever their colour, :func:`hide_anchors` paints them
over before anybody reads the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTPage
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from .page_geometry import PageFrame, Rect
from .pdf_reading import BROKEN, PdfFacts, read_pdf
from .refused import PdfRefused
from .stamping import Mark, stamp

KINDS = {
    "sign": "signature",
    "initials": "initials",
    "date": "date",
    "text": "text",
    "check": "checkbox",
}
# Width and height in points of a field whose anchor says nothing about them.
SIZES = {
    "signature": (170.0, 56.0),
    "initials": (64.0, 32.0),
    "date": (84.0, 18.0),
    "text": (170.0, 18.0),
    "checkbox": (12.0, 12.0),
}
# These stand on the line of their anchor; the others hang around it.
ON_LINE = frozenset({"date", "text", "checkbox"})
MAX_SIGNERS = 50
MAX_LABEL_CHARS = 80
MAX_ANCHORS = 2_000
_ANCHOR = re.compile(
    r"\{\{\s*(sign|initials|date|text|check)\s*:\s*(\d{1,2})\s*"
    r"(?::([^{}]{0,200}?))?\s*(\?)?\s*\}\}",
    re.IGNORECASE,
)
# Letters whose baselines differ by less than this share of their size are one line.
SAME_LINE = 0.4
GAP_OF_A_SPACE = 0.2
COVER_MARGIN_POINTS = 1.0
COVER_MARGIN_SHARE = 0.25


@dataclass(frozen=True)
class Anchor:
    """A field wished for by the text; points from the top left as displayed.

    :param kind: as ``crm.sign.field.type``
    :param rank: which signer, 1 for the first
    :param covers: rectangles (x, y, width, height) of the anchor's own letters
    """

    kind: str
    rank: int
    page: int
    x: float
    y: float
    width: float
    height: float
    required: bool = True
    label: str = ""
    covers: tuple[Rect, ...] = ()


@dataclass(frozen=True)
class _Letter:
    """A letter with its place on the page and along its own line of writing.

    :param box: left, bottom, right, top on the displayed page
    :param start: along the line of writing
    :param baseline: across it
    :param turn: direction of writing: 0, 90 (upwards), 180 or 270 degrees
    """

    text: str
    box: tuple[float, float, float, float]
    start: float
    end: float
    baseline: float
    turn: int

    @property
    def size(self) -> float:
        x0, y0, x1, y1 = self.box
        return max(x1 - x0 if self.turn in (90, 270) else y1 - y0, 1.0)


class _Braces(PDFTextDevice):
    """Counts opening braces and places nothing: most pages have none."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.count = 0
        self._by_font: dict[int, tuple[PDFFont, dict[int, int]]] = {}

    def render_string(self, textstate, seq, ncs, graphicstate) -> None:
        font = textstate.font
        _font, known = self._by_font.setdefault(id(font), (font, {}))
        for part in seq:
            if not isinstance(part, bytes):
                continue
            for code in font.decode(part):
                if code not in known:
                    known[code] = _count_braces(font, code)
                self.count += known[code]


def _count_braces(font: PDFFont, code: int) -> int:
    try:
        return font.to_unichr(code).count("{")
    except PDFUnicodeNotDefined:
        return 0


class _Letters(PDFLayoutAnalyzer):
    """Collects letters with their places; lays out nothing, which is the slow part."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources, laparams=None)
        self.letters: list[_Letter] = []

    def receive_layout(self, ltpage: LTPage) -> None:
        self.letters = list(_walk(ltpage))


def _walk(container: LTContainer) -> Iterator[_Letter]:
    for item in container:
        if isinstance(item, LTChar):
            yield _read_letter(item)
        elif isinstance(item, LTContainer):
            yield from _walk(item)


def _read_letter(item: LTChar) -> _Letter:
    along_x, along_y, _c, _d, x, y = item.matrix
    box = (item.x0, item.y0, item.x1, item.y1)
    if abs(along_x) >= abs(along_y):
        turn = 0 if along_x >= 0 else 180
    else:
        turn = 90 if along_y > 0 else 270
    start, end, baseline = {
        0: (item.x0, item.x1, y),
        90: (item.y0, item.y1, -x),
        180: (-item.x1, -item.x0, -y),
        270: (-item.y1, -item.y0, x),
    }[turn]
    return _Letter(item.get_text(), box, start, end, baseline, turn)


def find_anchors(content: bytes, facts: PdfFacts | None = None) -> list[Anchor]:
    """Return the fields that the text of a document asks for, in reading order.

    :param facts: of the same document, when they are known already
    :raise PdfRefused: any reason of ``read_pdf``
    """
    facts = facts or read_pdf(content)
    found: list[Anchor] = []
    try:
        for number, letters in _read_letters(content, facts):
            if len(found) > MAX_ANCHORS:
                raise PdfRefused("damaged", "too many anchors")
            found += _find_on_page(letters, number, facts.frames[number - 1])
    except PdfRefused:
        raise
    except BROKEN as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise PdfRefused("damaged", reason) from error
    return found


def hide_anchors(content: bytes, anchors: Iterable[Anchor]) -> bytes:
    """Return the document with the anchors' letters painted over in white.

    :raise PdfRefused: already_signed, its pages may not be touched
    """
    marks = [
        Mark("cover", anchor.page, *cover)
        for anchor in anchors
        for cover in anchor.covers
    ]
    return stamp(content, marks)


def _read_letters(
    content: bytes, facts: PdfFacts
) -> Iterator[tuple[int, list[_Letter]]]:
    document = PDFDocument(PDFParser(BytesIO(content)))
    resources = PDFResourceManager(caching=True)
    braces, device = _Braces(resources), _Letters(resources)
    scanner = PDFPageInterpreter(resources, braces)
    interpreter = PDFPageInterpreter(resources, device)
    pages = PDFPage.create_pages(document)
    for number, (page, frame) in enumerate(
        zip(pages, facts.frames, strict=False), start=1
    ):
        braces.count = 0
        # Our own matrix: pdfminer's forgets the crop box.
        scanner.render_contents(page.resources, page.contents, ctm=frame.inverse)
        if braces.count < 2:
            continue
        device.begin_page(page, frame.inverse)
        interpreter.render_contents(page.resources, page.contents, ctm=frame.inverse)
        device.end_page(page)
        yield number, device.letters


def _find_on_page(
    letters: list[_Letter], number: int, frame: PageFrame
) -> Iterator[Anchor]:
    open_end: list[_Letter] = []
    for line in _group_lines(letters):
        if open_end and open_end[0].turn != line[0].turn:
            open_end = []
        text, owners = _join([*open_end, *line] if open_end else line)
        last = 0
        for match in _ANCHOR.finditer(text):
            last = match.end()
            own = [o for o in owners[match.start() : match.end()] if o]
            yield _make_anchor(match, own, number, frame)
        # An anchor may go on in the next line.
        start = text.find("{{", last)
        rest = [o for o in owners[start:] if o] if start >= 0 else []
        open_end = rest if 0 < len(rest) < MAX_LABEL_CHARS * 2 else []


def _group_lines(letters: Iterable[_Letter]) -> list[list[_Letter]]:
    """Return the letters line by line from the top, whatever order drew them."""
    lines: list[list[_Letter]] = []
    for letter in sorted(letters, key=lambda item: (item.turn, -item.baseline)):
        if lines and _is_same_line(lines[-1][0], letter):
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [sorted(line, key=lambda item: item.start) for line in lines]


def _is_same_line(one: _Letter, other: _Letter) -> bool:
    distance = abs(one.baseline - other.baseline)
    return one.turn == other.turn and distance < SAME_LINE * min(one.size, other.size)


def _join(letters: list[_Letter]) -> tuple[str, list[_Letter | None]]:
    """Return the text of a line and, per character, the letter that drew it."""
    texts, owners = [], []
    for before, letter in pairwise([None, *letters]):
        if before is not None and _is_apart(before, letter):
            texts.append(" ")
            owners.append(None)
        texts.append(letter.text)
        owners += [letter] * len(letter.text)
    return "".join(texts), owners


def _is_apart(before: _Letter, letter: _Letter) -> bool:
    """Whether a space is meant between two letters that no space was written."""
    if before.text.isspace() or letter.text.isspace():
        return False
    gap = letter.start - before.end
    return gap > GAP_OF_A_SPACE * letter.size or not _is_same_line(before, letter)


def _make_anchor(
    match: re.Match, letters: list[_Letter], number: int, frame: PageFrame
) -> Anchor:
    kind = KINDS[match[1].lower()]
    height_of_page = frame.size[1]
    lines = _group_lines(dict.fromkeys(letters))
    covers = tuple(_as_cover(line, height_of_page) for line in lines)
    x, y, _width, line_height = _bounds(lines[0], height_of_page)
    width, height = SIZES[kind]
    if kind in ON_LINE:
        y += (line_height - height) / 2
    label = " ".join((match[3] or "").split())[:MAX_LABEL_CHARS]
    x, y = _keep_on_page(x, y, width, height, frame)
    return Anchor(
        kind=kind,
        rank=min(max(int(match[2]), 1), MAX_SIGNERS),
        page=number,
        x=round(x, 2),
        y=round(y, 2),
        width=min(width, frame.size[0]),
        height=min(height, frame.size[1]),
        required=not match[4],
        label=label,
        covers=covers,
    )


def _bounds(letters: list[_Letter], page_height: float) -> Rect:
    """Return x, y from the top, width and height of some letters."""
    boxes = [letter.box for letter in letters]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return left, page_height - top, right - left, top - bottom


def _as_cover(letters: list[_Letter], page_height: float) -> Rect:
    """Return what to paint over: braces reach out of what fonts say of themselves."""
    x, y, width, height = _bounds(letters, page_height)
    along, across = COVER_MARGIN_POINTS, COVER_MARGIN_SHARE * letters[0].size
    if letters[0].turn in (90, 270):
        along, across = across, along
    return x - along, y - across, width + 2 * along, height + 2 * across


def _keep_on_page(
    x: float, y: float, width: float, height: float, frame: PageFrame
) -> tuple[float, float]:
    page_width, page_height = frame.size
    return (
        max(min(x, page_width - width), 0.0),
        max(min(y, page_height - height), 0.0),
    )
