"""From the HTML of a report to one PDF, with a Chromium that runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from ..lib.edges import Edges, Sheet, build_edges, number_sheets
from ..lib.errors import EngineGoneError, NoRoomError
from ..lib.paper import PaperFormat
from .chromium import Chromium
from .devtools import Message
from .joining import Document, Joiner
from .tab import TITLE, Fetch, Tab

# An address nobody serves: only the interception answers it.
DOCUMENT_PATH = "/report_chromium/document"

MEASURE = """(() => Object.fromEntries(
  [...document.querySelectorAll("[data-rc]")].map(
    (strip) => [strip.dataset.rc, strip.getBoundingClientRect().height])))()"""
# Headers and footers are put into the document, out of sight, to be measured.
INSERT = """document.body.insertAdjacentHTML("beforeend", %s)"""
HIDE = """document.querySelector(".rc-parts").style.display = "none" """
# Every page gets a copy of its parts, with its own number.
DRAW_SHEETS = """((sheets) => {
  const parts = Object.fromEntries(
    [...document.querySelectorAll("[data-rc]")].map((s) => [s.dataset.rc, s]));
  const drawn = sheets.map((sheet) => {
    const box = document.createElement("section");
    box.className = "rc-sheet";
    box.style.height = `${sheet.height}px`;
    const places = [["header", sheet.headerTop], ["footer", sheet.footerTop]];
    for (const [kind, top] of places) {
      const part = parts[`${kind}-${sheet.record}`];
      if (!part) { continue; }
      const copy = part.cloneNode(true);
      for (const name of ["page", "topage"]) {
        for (const span of copy.querySelectorAll(`.${name}`)) {
          span.textContent = sheet[name];
        }
      }
      copy.style.top = `${top}px`;
      copy.style.left = `${sheet.left}px`;
      box.append(copy);
    }
    if (sheet.line) {
      const line = document.createElement("div");
      line.className = "rc-line";
      line.style.cssText =
        `top:${sheet.line}px;left:${sheet.left}px;right:${sheet.right}px`;
      box.append(line);
    }
    return box;
  });
  const style = document.querySelector(".rc-style");
  document.body.replaceChildren(...drawn, ...(style ? [style] : []));
  document.documentElement.offsetHeight;
})(%s)"""


@dataclass(frozen=True)
class PrintJob:
    """Everything one printing needs.

    :param bodies: one HTML document per record
    :param header: headers of all records, as core prepares them
    :param footer: same
    :param base_url: own server, where relative addresses start
    :param fetch: gives the parts of the documents
    :param timeout_seconds: for each document
    """

    bodies: tuple[str, ...]
    paper: PaperFormat
    base_url: str
    fetch: Fetch
    header: str | None = None
    footer: str | None = None
    timeout_seconds: float = 60.0


@dataclass
class Printer:
    """One job under way."""

    chromium: Chromium
    job: PrintJob
    _tabs: dict[str, Tab] = field(default_factory=dict)
    _heights: dict[str, float] = field(default_factory=dict)

    def run(self) -> bytes:
        """Return the PDF of all documents, one after the other."""
        self.mailbox = self.chromium.open_mailbox()
        self.mailbox.on_event = self._route
        is_sound = False
        try:
            pdf = self._print()
            is_sound = True
            return pdf
        finally:
            self._leave(is_sound)

    def _print(self) -> bytes:
        job = self.job
        width_px = job.paper.px(
            job.paper.page_width_mm
            - job.paper.margin_left_mm
            - job.paper.margin_right_mm
        )
        edges = build_edges(job.header, job.footer, width_px)
        joiner = Joiner()
        if len(job.bodies) == 1 and (edges.is_empty or edges.fits_into(job.bodies[0])):
            sheets = self._print_one(joiner, edges)
        else:
            sheets = self._print_many(joiner, edges)
        if sheets:
            joiner.lay_over(sheets)
        return joiner.finish()

    def _print_one(self, joiner: Joiner, edges: Edges) -> bytes:
        """Print a text, then its headers and footers out of the same document.

        Styles are read once: most documents are printed alone.
        """
        tab = self._open(self.job.bodies[0])
        deadline = self._deadline()
        tab.wait_ready(deadline)
        title = tab.evaluate(TITLE, deadline)
        if not edges.is_empty:
            tab.evaluate(INSERT % json.dumps(edges.parts), deadline)
            tab.wait_ready(deadline)
            self._heights = tab.evaluate(MEASURE, deadline)
            tab.evaluate(HIDE, deadline)
        pdf = tab.print(self._fit(0).print_options(), deadline)
        joiner.add(Document(pdf, title))
        return b"" if edges.is_empty else self._print_sheets(tab, joiner)

    def _print_many(self, joiner: Joiner, edges: Edges) -> bytes:
        """Print all texts, then all headers and footers out of one more document."""
        edge_tab = None if edges.is_empty else self._open(edges.html)
        for document in self._print_texts(edge_tab):
            joiner.add(document)
        return self._print_sheets(edge_tab, joiner) if edge_tab else b""

    def _print_texts(self, edge_tab: Tab | None) -> Iterator[Document]:
        """Print what stands between headers and footers.

        The next document is loading while this one is printed.
        """
        bodies = self.job.bodies
        following = self._open(bodies[0])
        if edge_tab:
            deadline = self._deadline()
            edge_tab.wait_ready(deadline)
            self._heights = edge_tab.evaluate(MEASURE, deadline)
        spare: Tab | None = None
        for index in range(len(bodies)):
            tab, following = following, spare
            deadline = self._deadline()
            tab.wait_ready(deadline)
            title = tab.evaluate(TITLE, deadline)
            if index + 1 < len(bodies):
                following = self._open(bodies[index + 1], following)
            pdf = tab.print(self._fit(index).print_options(), deadline)
            spare = tab
            yield Document(pdf, title)

    def _fit(self, record: int) -> PaperFormat:
        """The paper with room for the header and footer of this record."""
        paper = self.job.paper.fit(
            self._heights.get(f"header-{record}", 0.0),
            self._heights.get(f"footer-{record}", 0.0),
        )
        if not paper.has_room:
            raise NoRoomError("header, footer and margins fill the page")
        return paper

    def _print_sheets(self, tab: Tab, joiner: Joiner) -> bytes:
        """One sheet per printed page, out of the document that holds the parts."""
        deadline = self._deadline()
        sheets = number_sheets(joiner.page_counts)
        drawings = json.dumps([self._draw(sheet) for sheet in sheets])
        tab.evaluate(DRAW_SHEETS % drawings, deadline)
        return tab.print(self.job.paper.edge_options(), deadline)

    def _draw(self, sheet: Sheet) -> Message:
        paper = self._fit(sheet.record)
        # A little less than a page: rounding must not make it two.
        height = paper.px(paper.page_height_mm) - 2
        line = paper.px(paper.margin_top_mm) if paper.has_header_line else 0
        return {
            "record": sheet.record,
            "page": sheet.page,
            "topage": sheet.topage,
            "height": height,
            "headerTop": paper.px(paper.header_top_mm),
            "footerTop": paper.px(paper.page_height_mm - paper.margin_bottom_mm),
            "left": paper.px(paper.margin_left_mm),
            "right": paper.px(paper.margin_right_mm),
            "line": line,
        }

    # -- tabs ----------------------------------------------------------------------

    def _open(self, html: str, tab: Tab | None = None) -> Tab:
        deadline = self._deadline()
        if tab is None:
            tab = self.chromium.take_tab(self.mailbox, deadline)
            self._tabs[tab.session] = tab
        url = urljoin(self.job.base_url, DOCUMENT_PATH)
        tab.open(html, url, self.job.fetch, deadline)
        return tab

    def _route(self, event: Message) -> None:
        tab = self._tabs.get(event.get("sessionId", ""))
        if tab:
            tab.handle(event)

    def _deadline(self) -> float:
        return time.monotonic() + self.job.timeout_seconds

    def _leave(self, is_sound: bool) -> None:
        """Give tabs back; after a trouble they may be in any state: close them."""
        for tab in self._tabs.values():
            try:
                if is_sound:
                    self.chromium.give_back_tab(tab)
                else:
                    tab.close()
            except EngineGoneError:
                break  # nothing is left to give back
        self.mailbox.close()
