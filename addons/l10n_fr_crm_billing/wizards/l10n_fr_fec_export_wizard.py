import io
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from ..models.crm_fec_builder import OPENING_CODE
from ..models.crm_fec_export import DIRECT_LINES


class L10nFrFecExportWizard(models.TransientModel):
    """Core's wizard with a file that keeps the rules, checked before it is offered."""

    _inherit = "l10n_fr.fec.export.wizard"

    fec_encoding = fields.Selection(
        [("utf-8", "UTF-8"), ("iso8859-15", "ISO 8859-15")],
        string="Character Set",
        required=True,
        default="utf-8",
    )
    is_french = fields.Boolean(compute="_compute_is_french")

    @api.depends_context("company")
    def _compute_is_french(self):
        self.is_french = self._is_fec_french()

    @api.model
    def default_get(self, fields_list):
        """Offer the last financial year that is over."""
        values = super().default_get(fields_list)
        company = self.env.company
        if not values.get("date_from") and not values.get("date_to"):
            today = fields.Date.context_today(self)
            year = company.compute_fiscalyear_dates(today)
            before = year["date_from"] - timedelta(days=1)
            year = company.compute_fiscalyear_dates(before)
            values["date_from"], values["date_to"] = year["date_from"], year["date_to"]
        return values

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for wizard in self:
            if wizard.date_from > wizard.date_to:
                raise ValidationError(
                    self.env._("The first day comes after the closing date.")
                )

    # === The legal entity === #

    def _is_fec_french(self) -> bool:
        codes = self.env["res.company"]._get_france_country_codes()
        return self.env.company.country_code in codes

    def _get_fec_company(self):
        """Return the company whose file this is: a legal entity, not a branch."""
        company = self.env.company
        if company.parent_id and not self._is_legal_entity(company):
            raise UserError(
                self.env._(
                    "The accounting file covers the whole legal entity. Choose "
                    "%(company)s at the top of the screen: %(branch)s is a branch "
                    "of it.",
                    company=company.root_id.name,
                    branch=company.name,
                )
            )
        return company

    @api.model
    def _is_legal_entity(self, branch) -> bool:
        """A branch with a SIREN of its own is another taxpayer."""
        siren = branch.sudo()._get_siren()
        return bool(siren) and siren != branch.parent_id.sudo()._get_siren()

    def _get_fec_companies(self):
        """Return the company with all its branches.

        All entries of the entity belong in the file, so somebody who may not see
        a branch cannot export it.
        """
        company = self._get_fec_company()
        # Access to every branch is checked right below.
        below = self.env["res.company"].sudo().search([("id", "child_of", company.id)])
        others = below.filtered(lambda c: c != company and self._is_legal_entity(c))
        apart = self.env["res.company"].sudo().search([("id", "child_of", others.ids)])
        companies = below - apart
        hidden = companies - self.env.user.company_ids
        if hidden and not self.env.su:
            raise UserError(
                self.env._(
                    "The file must hold the entries of all branches, and you have no "
                    "access to %(names)s. Ask for it, or have somebody with access "
                    "export the file.",
                    names=", ".join(hidden.mapped("name")),
                )
            )
        return companies

    def _get_fec_domain(self):
        """Return the domain of the lines: what core exports, for all branches."""
        domain = [
            ("company_id", "in", self._get_fec_companies().ids),
            ("balance", "!=", 0.0),
        ]
        if self.export_type == "official":
            domain.append(("parent_state", "=", "posted"))
        else:
            domain.append(("parent_state", "in", ("posted", "draft")))
        if self.excluded_journal_ids:
            domain.append(("journal_id", "not in", self.excluded_journal_ids.ids))
        return domain

    def _get_fec_year_domain(self):
        period = [("date", ">=", self.date_from), ("date", "<=", self.date_to)]
        return [*self._get_fec_domain(), *period]

    def _get_fec_used_journals(self):
        """Return (code, label) of the journals that the file has."""
        lines_sudo = self.env["account.move.line"].sudo()
        used = lines_sudo._read_group(self._get_fec_year_domain(), ["journal_id"])
        ids = {journal.id for (journal,) in used}
        builder = self.env["crm.fec.builder"]
        journals = [
            (code, label)
            for journal_id, code, label, _first in builder._get_fec_journals(self)
            if journal_id in ids
        ]
        before = [*self._get_fec_domain(), ("date", "<", self.date_from)]
        if lines_sudo.search_count(before, limit=1):
            journals.insert(0, (OPENING_CODE, "A nouveaux"))
        return journals

    def _get_fec_currencies(self):
        """Return the codes of the foreign currencies that the file has."""
        lines_sudo = self.env["account.move.line"].sudo()
        used = lines_sudo._read_group(self._get_fec_year_domain(), ["currency_id"])
        own = self.env.company.currency_id
        return sorted(currency.name for (currency,) in used if currency != own)

    # === The file === #

    def _write_fec(self, stream):
        """Write the file to a binary stream."""
        company = self._get_fec_company()
        self._get_fec_companies()
        builder = self.env["crm.fec.builder"].with_company(company)
        builder = builder.with_context(lang=builder._get_fec_lang())
        builder._write_fec(stream, self.with_env(builder.env))

    def _get_fec_siren(self) -> str:
        company = self._get_fec_company()
        siren = company.sudo()._get_siren()
        if siren:
            return siren
        raise RedirectWarning(
            self.env._(
                "The name of the file begins with the SIREN, and %(company)s has "
                "none. Fill in the SIRET or the VAT number of the company.",
                company=company.name,
            ),
            {
                "type": "ir.actions.act_window",
                "res_model": "res.company",
                "res_id": company.id,
                "views": [[False, "form"]],
            },
            self.env._("Open the company"),
        )

    def generate_fec(self):
        """Keep core's contract (whole content in memory) with our file."""
        if not self._is_fec_french():
            return super().generate_fec()
        self.env["crm.fec.check"]._check_fec_right()
        name = f"{self._get_fec_siren()}FEC{self.date_to:%Y%m%d}"
        buffer = io.BytesIO()
        self._write_fec(buffer)
        company = self._get_fec_company()
        lock = company.fiscalyear_lock_date
        if not self.test_file and (not lock or lock < self.date_to):
            company.write({"fiscalyear_lock_date": self.date_to})
        suffix = "" if self.export_type == "official" else "-NONOFFICIAL"
        return {
            "file_name": f"{name}{suffix}.txt",
            "file_content": buffer.getvalue(),
            "file_type": "txt",
        }

    def create_fec_report_action(self):
        """Write and check the file, then show what was found."""
        if not self._is_fec_french():
            return super().create_fec_report_action()
        checks = self.env["crm.fec.check"]
        checks._check_fec_right()
        # A report is not edited: users have no right to create one.
        check = checks.sudo().create(self._prepare_fec_check())
        lines_sudo = self.env["account.move.line"].sudo()
        domain = self._get_fec_year_domain()
        if lines_sudo.search_count(domain, limit=DIRECT_LINES) < DIRECT_LINES:
            check._job_export()
        else:
            key = f"crm_fec_export:{check.id}"
            check.with_delay(identity_key=key)._job_export()
        return {
            "type": "ir.actions.act_window",
            "res_model": "crm.fec.check",
            "view_mode": "form",
            "res_id": check.id,
        }

    def _prepare_fec_check(self) -> dict:
        is_over = self.date_to < fields.Date.context_today(self)
        is_trial = self.test_file or self.export_type != "official"
        return {
            "name": f"{self._get_fec_siren()}FEC{self.date_to:%Y%m%d}.txt",
            "company_id": self._get_fec_company().id,
            "user_id": self.env.user.id,
            "source": "export",
            "date_from": self.date_from,
            "date_closing": self.date_to,
            "is_official": is_over and not is_trial,
            "export_params": {
                "date_from": fields.Date.to_string(self.date_from),
                "date_to": fields.Date.to_string(self.date_to),
                "test_file": self.test_file,
                "export_type": self.export_type,
                "fec_encoding": self.fec_encoding,
                "excluded_journal_ids": [Command.set(self.excluded_journal_ids.ids)],
            },
        }
