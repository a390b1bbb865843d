from odoo import fields, models, release
from odoo.exceptions import UserError

from ..lib.fec.naming import build_name
from ..lib.fec.writer import Description, LineFormat, write_description
from . import fec_spool
from .crm_fec_builder import OPENING_CODE

# Above, the export is made and checked in the background.
DIRECT_LINES = 200_000


class CrmFecCheck(models.Model):
    """Our own export: made, checked, and only then offered.

    An official file locks the period when it is downloaded: what has been handed
    over no longer changes. Its entries carry the day of the export as ValidDate
    unless they were final before.
    """

    _inherit = "crm.fec.check"

    is_official = fields.Boolean(readonly=True)
    export_params = fields.Json(readonly=True)
    description = fields.Text(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", readonly=True)
    confirmed_at = fields.Datetime(readonly=True)

    def _job_export(self):
        """Write the file of the year, then check it."""
        check = self.exists()
        if not check or check.state != "waiting":
            return
        wizard = self.env["l10n_fr.fec.export.wizard"]
        wizard = wizard.with_company(check.company_id).create(check.export_params)
        token = fec_spool.new_token()
        path = fec_spool.path_of(self.env.cr.dbname, token)
        with path.open("xb") as stream:
            path.chmod(0o600)
            wizard._write_fec(stream)
        check.write(
            {
                "spool_token": token,
                "size_bytes": min(path.stat().st_size, 2**31 - 1),
                "description": check._write_description(wizard),
            }
        )
        check._job_check()

    def _write_description(self, wizard) -> str:
        journals = wizard._get_fec_used_journals()
        return write_description(
            Description(
                filename=self.name,
                company=self.company_id.name,
                siren=self.company_id._get_fec_siren(),
                first=wizard.date_from,
                closing=wizard.date_to,
                encoding=wizard.fec_encoding,
                software=f"Odoo {release.version}",
                journals=tuple(journals),
                currencies=tuple(wizard._get_fec_currencies()),
                has_opening=any(code == OPENING_CODE for code, _label in journals),
            )
        )

    def _find_moves(self, keys):
        if self.source != "export" or not keys:
            return super()._find_moves(keys)
        wizard = self.env["l10n_fr.fec.export.wizard"]
        wizard = wizard.with_company(self.company_id).new(self.export_params)
        journals = self.env["crm.fec.builder"]._get_fec_journals(wizard)
        codes = {journal_id: code for journal_id, code, _label, _first in journals}
        moves = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("journal_id", "in", list(codes)),
                    ("name", "in", [number for _code, number in keys]),
                ]
            )
        )
        result = {(codes[move.journal_id.id], move.name): move.id for move in moves}
        mark = LineFormat.DRAFT
        drafts = {
            key: key[1].removeprefix(mark) for key in keys if key[1].startswith(mark)
        }
        result |= {key: int(rest) for key, rest in drafts.items() if rest.isdigit()}
        return result

    # === Buttons === #

    def action_download_fec(self):
        """Download the official file; locks the period."""
        self.ensure_one()
        self._check_official()
        self._lock_period()
        return self._download_action("fec")

    def action_confirm_download(self):
        """Download although there are points to look at: somebody has seen them."""
        self.ensure_one()
        self._check_fec_right()
        self.check_access("read")
        if self.verdict == "warnings" and not self.confirmed_by_id:
            # Nobody writes checks; who confirmed is worth keeping.
            self.sudo().write(
                {
                    "confirmed_by_id": self.env.user.id,
                    "confirmed_at": fields.Datetime.now(),
                }
            )
        return self.action_download_fec()

    def action_download_trial(self):
        """Download a file whose name says that it is not to be handed over."""
        self.ensure_one()
        self._check_downloadable()
        return self._download_action("trial")

    def action_download_description(self):
        """Download the description that goes with the file."""
        self.ensure_one()
        return self._download_action("description")

    def _check_official(self):
        """Refuse what must not be handed over.

        :raises UserError: with what to do
        """
        self._check_fec_right()
        self.check_access("read")
        self._check_downloadable()
        if self.state != "done" or self.verdict == "errors" or not self.is_official:
            raise UserError(
                self.env._(
                    "This file is a trial or has errors: correct the entries, then "
                    "export it again."
                )
            )
        if self.verdict == "warnings" and not self.confirmed_by_id:
            raise UserError(
                self.env._("Look at the findings and confirm before downloading.")
            )

    def _lock_period(self):
        """The entries handed over are final from the day of the export."""
        company = self.company_id
        lock = company.fiscalyear_lock_date
        if lock and lock >= self.date_closing:
            return
        # Core does the same at once; the accounting right was checked above.
        made_on = fields.Date.context_today(self, self.checked_at)
        company.sudo().with_context(fec_effective_on=made_on).write(
            {"fiscalyear_lock_date": self.date_closing}
        )

    # === Files === #

    def _get_fec_file(self, is_trial: bool):
        """Return (name, path) of the file to send."""
        self.ensure_one()
        if is_trial:
            self._check_downloadable()
        else:
            self._check_official()
        name = self.name
        if is_trial:
            siren = self.company_id._get_fec_siren()
            name = build_name(siren, self.date_closing, "-ESSAI")
        return name, self.sudo()._get_path()

    def _get_description_file(self):
        """Return (name, text) of the description."""
        self.ensure_one()
        if not self.description:
            raise UserError(self.env._("Only our own exports have a description."))
        return self.name.replace(".txt", "_descriptif.txt"), self.description
