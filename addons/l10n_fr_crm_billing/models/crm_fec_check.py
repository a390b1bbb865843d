import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..lib.fec import FecChecker, Options
from ..lib.fec.reader import pick_lines
from . import fec_spool
from .crm_fec_sentences import TOOL_KINDS

_logger = logging.getLogger(__name__)

GROUPS = (
    "account.group_account_manager",
    "account.group_account_user",
    "crm_base.crm_base_group_admin",
)
# What is checked while the user waits; some 100,000 lines.
DIRECT_BYTES = 15_000_000
KEEP_FILE_HOURS = 24
KEEP_REPORT_DAYS = 30


class CrmFecCheck(models.Model):
    """A French accounting file, uploaded or exported, and what was found in it.

    waiting -> running -> done or failed. An uploaded file is deleted as soon as it
    has been read; an export can be downloaded for a day.
    """

    _name = "crm.fec.check"
    _description = "Check of a French Accounting File"
    _order = "id desc"

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Asked by", readonly=True)
    source = fields.Selection(
        [("upload", "Uploaded file"), ("export", "Our export")],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "In progress"),
            ("done", "Checked"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    trouble = fields.Text(readonly=True)
    spool_token = fields.Char(readonly=True, groups="base.group_system")
    has_file = fields.Boolean(compute="_compute_has_file", compute_sudo=True)
    size_bytes = fields.Integer(string="Size", readonly=True)

    verdict = fields.Selection(
        [
            ("clean", "No anomaly"),
            ("warnings", "Points to look at"),
            ("errors", "Errors to correct"),
        ],
        string="Our Check",
        readonly=True,
    )
    tool_verdict = fields.Selection(
        [
            ("conforming", "Conforming"),
            ("not_conforming", "Not conforming"),
            ("refused", "Refused before any report"),
            ("unknown", "Not predicted"),
        ],
        string="Tax Authority's Checker",
        readonly=True,
    )
    tool_kinds = fields.Char(readonly=True)
    tool_detail = fields.Char(
        string="What it would report", compute="_compute_tool_detail"
    )
    error_count = fields.Integer(string="Errors", readonly=True)
    warning_count = fields.Integer(string="Points to Look at", readonly=True)
    finding_ids = fields.One2many("crm.fec.finding", "check_id", readonly=True)
    rule_ids = fields.One2many("crm.fec.rule", "check_id", readonly=True)

    siren = fields.Char(string="SIREN", readonly=True)
    date_closing = fields.Date(string="Closing Date", readonly=True)
    date_from = fields.Date(string="First Day", readonly=True)
    encoding = fields.Char(string="Character Set", readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    entry_count = fields.Integer(string="Entries", readonly=True)
    debit = fields.Monetary(string="Total Debit", readonly=True)
    credit = fields.Monetary(string="Total Credit", readonly=True)
    checked_at = fields.Datetime(string="Checked On", readonly=True)

    # === Computes === #

    @api.depends("spool_token")
    def _compute_has_file(self):
        for check in self:
            check.has_file = bool(check.spool_token) and check._get_path().is_file()

    @api.depends("tool_kinds")
    @api.depends_context("lang")
    def _compute_tool_detail(self):
        for check in self:
            kinds = (check.tool_kinds or "").split()
            texts = [f"{kind} ({TOOL_KINDS[kind](self.env)})" for kind in kinds]
            check.tool_detail = ", ".join(texts)

    # === Life of the record === #

    @api.ondelete(at_uninstall=False)
    def _unlink_file(self):
        for check in self.sudo():
            check._drop_file()

    @api.model
    def _check_fec_right(self):
        """Accountants and administrators only.

        :raises AccessError: for everyone else
        """
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise AccessError(
                self.env._(
                    "Only accounting managers and CRM administrators may read or "
                    "export the accounting file."
                )
            )

    @api.model
    def _receive_upload(self, filename: str, stream):
        """Take an uploaded file and have it checked.

        :param stream: object with `read(size)`
        :return: the check, as the user sees it
        """
        self._check_fec_right()
        token = fec_spool.new_token()
        path = fec_spool.path_of(self.env.cr.dbname, token)
        size = fec_spool.save(stream, path)
        # Users have no right to write checks: a report is not edited.
        check = self.sudo().create(
            {
                "name": filename[:255],
                "company_id": self.env.company.id,
                "user_id": self.env.user.id,
                "source": "upload",
                "spool_token": token,
                "size_bytes": min(size, 2**31 - 1),
            }
        )
        check._start(is_short=size <= DIRECT_BYTES)
        return self.browse(check.id)

    def _start(self, is_short: bool):
        """Check now when it is short, in the background otherwise."""
        self.ensure_one()
        if is_short:
            self._job_check()
            return
        check = self.with_context(lang=self.env.user.lang)
        check.with_delay(identity_key=f"crm_fec_check:{self.id}")._job_check()

    def _job_check(self):
        """Read the file once, write the report, tell the user."""
        check = self.exists()
        if not check or check.state in ("done", "failed"):
            return
        check.state = "running"
        try:
            with self.env.cr.savepoint():
                check._run_check()
        except OSError:
            _logger.exception("Accounting file %s could not be read", check.id)
            check.write(
                {
                    "state": "failed",
                    "trouble": self.env._(
                        "The file could not be read on the server. Send it again."
                    ),
                }
            )
        if check.source == "upload":
            check._drop_file()
        check._notify()

    def _run_check(self):
        """Check what lies in the spool and store the result."""
        path = self._get_path()
        options = self._prepare_options()
        report = FecChecker(self.name, options).run(fec_spool.read_blocks(path))
        missing = {one.line for one in report.findings if one.line and not one.text}
        texts = pick_lines(fec_spool.read_blocks(path), missing) if missing else {}
        self._store_report(report, texts)

    def _prepare_options(self) -> Options:
        today = fields.Date.context_today(self)
        if self.source == "export":
            return Options(self.date_from, self.date_closing, today)
        return Options(today=today)

    def _get_path(self):
        return fec_spool.path_of(self.env.cr.dbname, self.spool_token)

    def _drop_file(self):
        """Delete the file: it is somebody's accounts."""
        if self.spool_token:
            path = self._get_path()
            self.env.cr.postcommit.add(lambda: path.unlink(missing_ok=True))
            self.spool_token = False

    def _notify(self):
        user = self.user_id
        if user.active:
            news = {"res_model": self._name, "res_id": self.id}
            user._bus_send("crm_base.record", news)

    @api.autovacuum
    def _gc_files(self):
        """Files go after a day, reports after a month; orphans go too."""
        now = fields.Datetime.now()
        old = self.search(
            [
                ("spool_token", "!=", False),
                ("create_date", "<", now - timedelta(hours=KEEP_FILE_HOURS)),
            ]
        )
        for check in old:
            check._drop_file()
        limit = now - timedelta(days=KEEP_REPORT_DAYS)
        self.search([("create_date", "<", limit)]).unlink()
        known = set(self.search([("spool_token", "!=", False)]).mapped("spool_token"))
        for path in fec_spool.folder(self.env.cr.dbname).iterdir():
            age = now.timestamp() - path.stat().st_mtime
            if path.name not in known and age > KEEP_FILE_HOURS * 3600:
                path.unlink(missing_ok=True)

    # === Buttons === #

    def action_download_report(self):
        """Download the findings as a table."""
        self.ensure_one()
        return self._download_action("report")

    def _download_action(self, what: str):
        return {
            "type": "ir.actions.act_url",
            "url": f"/l10n_fr_crm_billing/fec/{self.id}/{what}",
            "target": "download",
        }

    def action_open_findings(self):
        """Open all findings in a list of their own."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_fr_crm_billing.crm_fec_finding_action"
        )
        action["domain"] = [("check_id", "=", self.id)]
        return action

    def _get_file_trouble(self):
        """Return why the file cannot be downloaded, or False."""
        if self.source != "export":
            return self.env._("An uploaded file is deleted once it has been read.")
        if not self.has_file:
            return self.env._(
                "The file was deleted after %(hours)s hours. Export it again.",
                hours=KEEP_FILE_HOURS,
            )
        return False

    def _check_downloadable(self):
        trouble = self._get_file_trouble()
        if trouble:
            raise UserError(trouble)
