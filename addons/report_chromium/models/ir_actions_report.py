import logging
from io import BytesIO

from odoo import api, models, modules
from odoo.exceptions import UserError

from odoo.addons.base.models import ir_actions_report as core_report
from odoo.addons.base.models.report_paperformat import PAPER_SIZES

from ..engine_setup import find_chromium, get_engine, read_timeout_seconds
from ..lib.errors import (
    EngineBusyError,
    EngineGoneError,
    EngineMissingError,
    EngineStartError,
    NoRoomError,
    PrintError,
    PrintRefusedError,
    PrintTimeoutError,
)
from ..lib.paper import PaperFormat
from ..providers.joining import is_bare_part, restore_outline
from ..providers.printer import PrintJob

_logger = logging.getLogger(__name__)

SHEET_SIZES = {size["key"]: size for size in PAPER_SIZES if "width" in size}


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # -- which engine -----------------------------------------------------------------

    @api.model
    def get_report_engine(self):
        """Say what prints: `chromium`, `wkhtmltopdf`, `wkhtmltopdf_bare` or `none`.

        The bare one is the build of the distributions: it drops headers and footers.
        """
        if find_chromium():
            return "chromium"
        if self._get_spare_engine_state() not in ("ok", "upgrade"):
            return "none"
        is_complete = core_report._wkhtml().is_patched_qt
        return "wkhtmltopdf" if is_complete else "wkhtmltopdf_bare"

    @api.model
    def _get_spare_engine_state(self):
        return super().get_wkhtmltopdf_state()

    @api.model
    def get_wkhtmltopdf_state(self):
        """The state that screens ask for before they print: ours first."""
        if find_chromium():
            return "ok"
        return super().get_wkhtmltopdf_state()

    @api.model
    def _get_engine_warning(self):
        """What is wrong with the engine, in a sentence, or an empty text."""
        sentences = {
            "chromium": "",
            "wkhtmltopdf": self.env._(
                "Chromium was not found on the server: PDF documents are printed by "
                "wkhtmltopdf, an old program that trusts every document. Install "
                "Chromium and restart the server."
            ),
            "wkhtmltopdf_bare": self.env._(
                "Chromium was not found on the server: PDF documents are printed by "
                "wkhtmltopdf and lose their header and footer (name, address and VAT "
                "number of the seller, page numbers), their selectable text and "
                "PDF/A. Such an invoice is not valid: do not send it. Install "
                "Chromium and restart the server."
            ),
            "none": self.env._(
                "No PDF can be made: neither Chromium nor wkhtmltopdf was found on "
                "the server. Install Chromium and restart the server."
            ),
        }
        return sentences[self.get_report_engine()]

    # -- printing ---------------------------------------------------------------------

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if not find_chromium():
            return self._run_spare_engine(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        paperformat = (
            self._get_report(report_ref).get_paperformat()
            if report_ref
            else self.get_paperformat()
        )
        job = PrintJob(
            bodies=tuple(self._as_text(body) for body in bodies),
            paper=self._prepare_paper(
                paperformat, landscape, specific_paperformat_args or {}
            ),
            base_url=self._get_report_url(),
            fetch=self._make_asset_reader(),
            header=self._as_text(header),
            footer=self._as_text(footer),
            timeout_seconds=read_timeout_seconds(),
        )
        try:
            return self._get_printing_engine().print(job)
        except PrintError as error:
            _logger.info("A report could not be printed: %s", error)
            raise UserError(self._explain_print_error(error)) from error

    @api.model
    def _get_printing_engine(self):
        engine = get_engine()
        case = type(modules.module.current_test)
        if hasattr(case, "addClassCleanup") and "ends_chromium" not in vars(case):
            # Tests of any addon leave no browser behind their class.
            case.ends_chromium = True
            case.addClassCleanup(engine.close)
        return engine

    def _run_spare_engine(self, bodies, **kwargs):
        warning = self._get_engine_warning()
        if self.get_report_engine() == "none":
            raise UserError(warning)
        _logger.warning("%s", warning)
        return super()._run_wkhtmltopdf(bodies, **kwargs)

    @api.model
    def _as_text(self, html):
        if isinstance(html, bytes):
            return html.decode("utf-8", "replace")
        return str(html) if html else ""

    @api.model
    def _explain_print_error(self, error):
        """The sentence for the user; the cause is in the log."""
        explanations = {
            EngineMissingError: self.env._(
                "The PDF was not made: Chromium was not found on the server. Ask "
                "your administrator to install it."
            ),
            EngineStartError: self.env._(
                "The PDF was not made: Chromium does not start on the server. The "
                "reason is in its log; ask your administrator."
            ),
            EngineGoneError: self.env._(
                "The PDF was not made: Chromium stopped twice while it printed. Try "
                "with fewer documents at once, or ask your administrator."
            ),
            EngineBusyError: self.env._(
                "The PDF was not made: too many documents are being printed. Try "
                "again in a minute."
            ),
            PrintTimeoutError: self.env._(
                "The PDF was not made: a document was not ready after %(seconds)s "
                "seconds. Print fewer pages at once, or check its texts and images.",
                seconds=int(read_timeout_seconds()),
            ),
            NoRoomError: self.env._(
                "The PDF was not made: header, footer and margins fill the page and "
                "leave no room for the text. Shorten the company details or choose "
                "smaller margins in the paper format."
            ),
            PrintRefusedError: self.env._(
                "The PDF was not made: Chromium refused the document. The reason is "
                "in the log of the server; ask your administrator."
            ),
        }
        return explanations[type(error)]

    # -- paper ------------------------------------------------------------------------

    @api.model
    def _prepare_paper(self, paperformat, landscape, specific):
        """The paper format record and what a report asks besides, in one value.

        :param specific: `data-report-...` attributes of the report, which win
        """
        if landscape is None and specific.get("data-report-landscape"):
            landscape = specific["data-report-landscape"]
        if not paperformat:
            return PaperFormat(is_landscape=bool(landscape))
        width_mm, height_mm = self._get_sheet_size(paperformat)

        def pick(name, default):
            return float(specific.get(f"data-report-{name}", default) or 0.0)

        return PaperFormat(
            width_mm=width_mm,
            height_mm=height_mm,
            margin_top_mm=pick("margin-top", paperformat.margin_top),
            margin_bottom_mm=pick("margin-bottom", paperformat.margin_bottom),
            margin_left_mm=paperformat.margin_left,
            margin_right_mm=paperformat.margin_right,
            header_spacing_mm=pick("header-spacing", paperformat.header_spacing),
            dpi=int(pick("dpi", paperformat.dpi)) or paperformat.dpi,
            is_landscape=bool(landscape) or paperformat.orientation == "Landscape",
            is_shrinking=not paperformat.disable_shrinking,
            has_header_line=paperformat.header_line,
        )

    @api.model
    def _get_sheet_size(self, paperformat):
        """Width and height of the sheet in millimetres, portrait."""
        if paperformat.format == "custom":
            if paperformat.page_width and paperformat.page_height:
                return float(paperformat.page_width), float(paperformat.page_height)
        elif paperformat.format in SHEET_SIZES:
            size = SHEET_SIZES[paperformat.format]
            return size["width"], size["height"]
        return SHEET_SIZES["A4"]["width"], SHEET_SIZES["A4"]["height"]

    # -- splitting --------------------------------------------------------------------

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        collected = super()._render_qweb_pdf_prepare_streams(
            report_ref, data, res_ids=res_ids
        )
        if len(collected) > 1:
            for item in collected.values():
                stream = item["stream"]
                if item["attachment"] or not stream:
                    continue
                # Core cut it out of the file of all records.
                pdf = stream.getvalue()
                if is_bare_part(pdf):
                    item["stream"] = BytesIO(restore_outline(pdf))
        return collected
