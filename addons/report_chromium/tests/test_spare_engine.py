from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.base.models import ir_actions_report as core_report
from odoo.addons.report_chromium.models import ir_actions_report

from .common import ChromiumCase

INFO = core_report.WkhtmlInfo(
    state="ok",
    dpi_zoom_ratio=True,
    bin="/bin/false",
    version="0.12.6",
    is_patched_qt=False,
    wkhtmltoimage_bin="",
    wkhtmltoimage_version=None,
)


@tagged("post_install", "-at_install")
class TestSpareEngine(ChromiumCase):
    """A machine without Chromium."""

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(ir_actions_report, "find_chromium", lambda: None)
        )

    def give_wkhtmltopdf(self, **values):
        info = INFO._replace(**values)
        self.startPatcher(patch.object(core_report, "_wkhtml", lambda: info))

    def test_without_any_engine_the_user_hears_what_is_missing(self):
        self.give_wkhtmltopdf(state="install")
        reports = self.env["ir.actions.report"]
        self.assertEqual(reports.get_report_engine(), "none")
        self.assertEqual(reports.get_wkhtmltopdf_state(), "install")
        with self.assertRaisesRegex(UserError, "Chromium"):
            reports._run_wkhtmltopdf(["<p>x</p>"], report_ref=self.report)

    def test_wkhtmltopdf_takes_over_and_the_log_says_what_is_lost(self):
        self.give_wkhtmltopdf()
        reports = self.env["ir.actions.report"]
        self.assertEqual(reports.get_report_engine(), "wkhtmltopdf_bare")
        self.assertEqual(reports.get_wkhtmltopdf_state(), "ok")
        with (
            patch.object(core_report, "_run_wkhtmltopdf") as run,
            self.assertLogs(ir_actions_report.__name__, "WARNING") as log,
        ):
            run.return_value.returncode = 0
            run.return_value.stderr = ""
            pdf = reports._run_wkhtmltopdf(["<p>x</p>"], report_ref=self.report)
        self.assertEqual(pdf, b"")
        self.assertTrue(run.called)
        self.assertIn("VAT number", log.output[0])

    def test_a_complete_wkhtmltopdf_loses_nothing_but_is_named(self):
        self.give_wkhtmltopdf(is_patched_qt=True)
        reports = self.env["ir.actions.report"]
        self.assertEqual(reports.get_report_engine(), "wkhtmltopdf")
        self.assertNotIn("VAT", reports._get_engine_warning())
        self.assertIn("Chromium was not found", reports._get_engine_warning())
