"""The page of evidence at the end of a signed file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from io import BytesIO
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from .certificate_words import Words, words_for
from .drawing import BOLD, FONT, register_fonts
from .sealing import Place

INK, SOFT, LINE = HexColor("#1f2937"), HexColor("#5b6472"), HexColor("#d4d9e1")
MARGIN = 18 * mm
QR_SIDE = 27 * mm
LABEL_WIDTH = 40 * mm
FOOT = 14 * mm
# Where the seal of the company shows: top right of the first page.
SEAL = Place(1, A4[0] - MARGIN - 62 * mm, 12 * mm, 62 * mm, 11 * mm)
MAX_TEXT_CHARS = 600
WIDTH = A4[0] - 2 * MARGIN


@dataclass(frozen=True)
class DocumentFacts:
    """One document as it was before anybody signed."""

    name: str
    sha256: str
    page_count: int


@dataclass(frozen=True)
class SignerFacts:
    """One signer. Instants are aware, None when there is none.

    :param identified_by: sentence in the language of the page, for example which
        code was sent where
    :param values: (label, answer) of the fields filled in
    """

    name: str
    email: str
    identified_by: str
    signed_at: datetime | None
    opened_at: datetime | None = None
    identified_at: datetime | None = None
    role: str = ""
    ip: str = ""
    user_agent: str = ""
    consent: str = ""
    delegated_by: str = ""
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CertificateFacts:
    """Everything the page says.

    :param reference: printed, typed on the check page
    :param check_url: address of the check page, in the QR code
    :param level: sentence about the level and the law, in the language of the page
    :param chain_head: hash of the last event
    :param time_zone: name of the company's zone; instants are given there and in UTC
    """

    title: str
    reference: str
    company: str
    sender: str
    check_url: str
    level: str
    sent_at: datetime | None
    completed_at: datetime | None
    documents: tuple[DocumentFacts, ...]
    signers: tuple[SignerFacts, ...]
    chain_head: str
    event_count: int
    lang: str = "fr_FR"
    time_zone: str = "Europe/Paris"


def make(facts: CertificateFacts) -> bytes:
    """Return the page as a PDF, as many pages as it needs."""
    register_fonts()
    writer = _Writer(facts)
    target = BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=f"{writer.words.title} {facts.reference}",
        author=facts.company,
        creator="CRM Suite",
    )
    padding = dict.fromkeys(
        ("leftPadding", "rightPadding", "topPadding", "bottomPadding"), 0
    )
    height = A4[1] - 2 * MARGIN - FOOT / 2
    frame = Frame(MARGIN, MARGIN + FOOT / 2, WIDTH, height, **padding)
    document.addPageTemplates(PageTemplate(frames=[frame]))

    def count_pages(*args, **options) -> _CountingCanvas:
        return _CountingCanvas(*args, foot=writer.foot, **options)

    document.build(writer.story(), canvasmaker=count_pages)
    return target.getvalue()


class _CountingCanvas(Canvas):
    """Writes the foot of each page when the number of pages is known."""

    def __init__(self, *args, foot, **options) -> None:
        super().__init__(*args, **options)
        self._foot, self._kept = foot, []

    def showPage(self) -> None:
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._foot(self, number, len(self._kept))
            super().showPage()
        return super().save()


class _Writer:
    def __init__(self, facts: CertificateFacts) -> None:
        self.facts = facts
        self.words: Words = words_for(facts.lang)
        self.zone: tzinfo = ZoneInfo(facts.time_zone)
        self.plain = _style("plain", FONT, 8.5, INK)
        self.bold = _style("bold", BOLD, 8.5, INK)
        self.label = _style("label", FONT, 8, SOFT)
        self.code = _style("code", FONT, 7.2, INK, wordWrap="CJK")

    def story(self) -> list[Flowable]:
        words, facts = self.words, self.facts
        title = _style("title", BOLD, 17, INK, leading=21)
        heading = _style("heading", BOLD, 10.5, INK, spaceBefore=11, spaceAfter=4)
        # The title keeps clear of the seal that is shown beside it.
        story: list[Flowable] = [
            Table(
                [[Paragraph(words.title, title), ""]],
                colWidths=[WIDTH - SEAL.width - 4 * mm, SEAL.width + 4 * mm],
                style=[("LEFTPADDING", (0, 0), (-1, -1), 0)],
            ),
            Spacer(1, 4),
            Paragraph(words.intro, _style("intro", FONT, 8.5, SOFT)),
            Paragraph(words.request, heading),
            self._request(),
            Paragraph(words.documents, heading),
            self._documents(),
            Paragraph(words.signers, heading),
        ]
        for number, signer in enumerate(facts.signers, start=1):
            story += self._signer(number, signer)
        story.append(KeepTogether([Paragraph(words.proof, heading), self._proof()]))
        return story

    def foot(self, canvas: Canvas, number: int, total: int) -> None:
        facts, words = self.facts, self.words
        canvas.setFont(FONT, 7)
        canvas.setFillColor(SOFT)
        text = f"{facts.company} - {words.reference} {facts.reference}"
        canvas.drawString(MARGIN, FOOT, _cut(text, 110))
        page = words.page.format(number=number, total=total)
        canvas.drawRightString(A4[0] - MARGIN, FOOT, page)

    def _request(self) -> Table:
        facts, words = self.facts, self.words
        return self._rows(
            [
                (words.subject, facts.title),
                (words.reference, facts.reference),
                (words.sender, f"{facts.sender}, {facts.company}"),
                (words.sent, self._moment(facts.sent_at)),
                (words.completed, self._moment(facts.completed_at)),
                (words.level, facts.level),
            ]
        )

    def _documents(self) -> Table:
        words = self.words
        rows = []
        for document in self.facts.documents:
            count = document.page_count
            pages = words.one_page if count == 1 else words.pages.format(count=count)
            rows.append(
                [
                    [
                        self._text(f"{document.name} ({pages})", self.bold),
                        self._text(f"{words.document_hash} :", self.label),
                        self._text(document.sha256, self.code),
                    ]
                ]
            )
        return Table(rows, colWidths=[WIDTH], style=_LINES)

    def _signer(self, number: int, signer: SignerFacts) -> list[Flowable]:
        words = self.words
        rows = [
            (words.role, signer.role),
            (words.email, signer.email),
            (words.delegated, signer.delegated_by),
            (words.identified, signer.identified_by),
            (words.opened, self._moment(signer.opened_at)),
            (words.identified_at, self._moment(signer.identified_at)),
            (words.signed, self._moment(signer.signed_at)),
            (words.address, signer.ip or words.none),
            (words.browser, signer.user_agent or words.none),
            (words.consent, signer.consent),
        ]
        rows += [(f"{words.values} - {label}", text) for label, text in signer.values]
        name = self._text(f"{number}. {signer.name}", self.bold)
        table = self._rows([row for row in rows if row[1]])
        return [KeepTogether([name, Spacer(1, 2), table]), Spacer(1, 5)]

    def _proof(self) -> Table:
        facts, words = self.facts, self.words
        url = escape(facts.check_url)
        text = [
            self._text(words.check_text, self.plain),
            Spacer(1, 3),
            Paragraph(f'<link href="{url}">{url}</link>', self.bold),
            self._text(f"{words.reference} : {facts.reference}", self.plain),
            Spacer(1, 5),
            self._text(words.chain_text.format(count=facts.event_count), self.label),
            self._text(facts.chain_head, self.code),
        ]
        return Table(
            [[text, _qr(facts.check_url)]],
            colWidths=[WIDTH - QR_SIDE - 2 * mm, QR_SIDE + 2 * mm],
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
            ],
        )

    def _rows(self, rows: Sequence[tuple[str, str]]) -> Table:
        cells = [
            [self._text(label, self.label), self._text(value, self.plain)]
            for label, value in rows
        ]
        return Table(cells, colWidths=[LABEL_WIDTH, WIDTH - LABEL_WIDTH], style=_LINES)

    def _text(self, text: str, style: ParagraphStyle) -> Paragraph:
        return Paragraph(escape(_cut(text, MAX_TEXT_CHARS)), style)

    def _moment(self, value: datetime | None) -> str:
        if value is None:
            return ""
        local = self.words.moment.format(date=value.astimezone(self.zone))
        utc = self.words.utc.format(date=value.astimezone(timezone.utc))
        return f"{local} ({self.facts.time_zone}) - {utc}"


_LINES = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 1.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
    ]
)


def _style(name: str, font: str, size: float, color, **more) -> ParagraphStyle:
    values = {"leading": size * 1.28, "splitLongWords": 1, **more}
    return ParagraphStyle(name, fontName=font, fontSize=size, textColor=color, **values)


def _qr(text: str) -> Drawing:
    code = QrCodeWidget(text, barLevel="M")
    code.barWidth = code.barHeight = QR_SIDE
    drawing = Drawing(QR_SIDE, QR_SIDE)
    drawing.add(code)
    return drawing


def _cut(text: str, size: int) -> str:
    """One line without control characters, ended by dots when it is too long."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return clean if len(clean) <= size else f"{clean[: size - 3]}..."
