"""Paper formats of Odoo turned into what Chromium prints.

Lengths of a paper format are millimetres, those of Chromium inches, those of a
style sheet CSS pixels (96 to the inch, times the scale of the page).
"""

from dataclasses import dataclass, replace

MM_PER_INCH = 25.4
PX_PER_INCH = 96.0
# Smallest room left to a header or footer and the text beside it.
GAP_MM = 2.0
# Less room than this is a mistake of the paper format, not a page.
MIN_BODY_MM = 20.0
# wkhtmltopdf shrinks pages by this much unless told otherwise, whatever the dpi:
# templates were drawn for it. Measured on 0.12.4 with patched Qt.
SMART_SHRINKING = 1.25
# What Chromium accepts as a scale.
MIN_SCALE, MAX_SCALE = 0.1, 2.0


@dataclass(frozen=True)
class PaperFormat:
    """What core knows of a paper format, in millimetres.

    :param width_mm: of the sheet as it is sold, portrait
    :param header_spacing_mm: from the top of the header to the top of the text
    :param dpi: smaller means bigger letters
    """

    width_mm: float = 210.0
    height_mm: float = 297.0
    margin_top_mm: float = 10.0
    margin_bottom_mm: float = 10.0
    margin_left_mm: float = 10.0
    margin_right_mm: float = 10.0
    header_spacing_mm: float = 0.0
    dpi: int = 90
    is_landscape: bool = False
    is_shrinking: bool = True
    has_header_line: bool = False

    @property
    def scale(self) -> float:
        """Size of a CSS pixel on paper, 1.0 being 1/96 inch."""
        scale = PX_PER_INCH / (self.dpi or PX_PER_INCH)
        if self.is_shrinking:
            scale /= SMART_SHRINKING
        return min(max(scale, MIN_SCALE), MAX_SCALE)

    @property
    def page_width_mm(self) -> float:
        """Width of the page as it is read."""
        return self.height_mm if self.is_landscape else self.width_mm

    @property
    def page_height_mm(self) -> float:
        """Height of the page as it is read."""
        return self.width_mm if self.is_landscape else self.height_mm

    @property
    def header_top_mm(self) -> float:
        """From the edge of the page to the top of the header."""
        return max(self.margin_top_mm - self.header_spacing_mm, 0.0)

    def px(self, mm: float) -> float:
        """Millimetres of paper in CSS pixels of this page."""
        return mm / MM_PER_INCH * PX_PER_INCH / self.scale

    def mm(self, px: float) -> float:
        """CSS pixels of this page in millimetres of paper."""
        return px * self.scale * MM_PER_INCH / PX_PER_INCH

    def fit(self, header_px: float, footer_px: float) -> "PaperFormat":
        """Return the format with margins that hold this header and footer.

        The top of the header stays where it was; the footer stays at the bottom.
        Margins that are large enough stay as they are.

        >>> PaperFormat(margin_top_mm=10, header_spacing_mm=10).fit(0, 0).margin_top_mm
        10
        """
        top, bottom = self.margin_top_mm, self.margin_bottom_mm
        header_top = self.header_top_mm
        if header_px:
            top = max(top, header_top + self.mm(header_px) + GAP_MM)
        if footer_px:
            bottom = max(bottom, self.mm(footer_px) + GAP_MM)
        return replace(
            self,
            margin_top_mm=top,
            margin_bottom_mm=bottom,
            header_spacing_mm=top - header_top,
        )

    @property
    def has_room(self) -> bool:
        """Whether something can be printed between the margins."""
        height = self.page_height_mm - self.margin_top_mm - self.margin_bottom_mm
        width = self.page_width_mm - self.margin_left_mm - self.margin_right_mm
        return height >= MIN_BODY_MM and width >= MIN_BODY_MM

    def print_options(self) -> dict[str, float | bool]:
        """Arguments of `Page.printToPDF` for the text between the margins."""
        return {
            **self._sheet_options(),
            "marginTop": self.margin_top_mm / MM_PER_INCH,
            "marginBottom": self.margin_bottom_mm / MM_PER_INCH,
            "marginLeft": self.margin_left_mm / MM_PER_INCH,
            "marginRight": self.margin_right_mm / MM_PER_INCH,
        }

    def edge_options(self) -> dict[str, float | bool]:
        """Arguments of `Page.printToPDF` for sheets that carry header and footer."""
        margins = ("marginTop", "marginBottom", "marginLeft", "marginRight")
        return {**self._sheet_options(), **dict.fromkeys(margins, 0.0)}

    def _sheet_options(self) -> dict[str, float | bool]:
        return {
            "paperWidth": self.page_width_mm / MM_PER_INCH,
            "paperHeight": self.page_height_mm / MM_PER_INCH,
            "scale": self.scale,
            "printBackground": True,
            "preferCSSPageSize": False,
            "generateTaggedPDF": False,
            "generateDocumentOutline": False,
        }
