from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

BOOKKEEPERS = ("account.group_account_invoice", "crm_base.crm_base_group_admin")
# How far back the button reads: what is older was settled by hand.
PAST_DAYS = 30


class CrmConnection(models.Model):
    """The books of a Stripe account: its journal, its clearing account."""

    _inherit = "crm.connection"

    payout_journal_id = fields.Many2one(
        related="payment_provider_id.journal_id",
        string="Journal of the Account",
    )
    payout_clearing_account_id = fields.Many2one(
        "account.account",
        string="Clearing Account",
        copy=False,
        ondelete="restrict",
        help="Payments wait here, at gross, until their payout is at the bank: its "
        "balance is what Stripe holds.",
    )
    payout_waiting_account_id = fields.Many2one(
        "account.account",
        string="Waiting Account",
        copy=False,
        ondelete="restrict",
        help="Movements of Stripe that nobody here knows: payments taken elsewhere, "
        "corrections. Each waits for a person.",
    )
    payout_since = fields.Date(
        string="Payouts Since",
        copy=False,
        help="Older payouts are not read.",
    )
    payout_checked_at = fields.Datetime(
        string="Last Comparison", readonly=True, copy=False
    )
    payout_is_ready = fields.Boolean(compute="_compute_payout_is_ready")

    @api.depends("provider", "payout_clearing_account_id", "payout_waiting_account_id")
    def _compute_payout_is_ready(self):
        for connection in self:
            connection.payout_is_ready = (
                connection.provider == "stripe"
                and connection.payout_clearing_account_id
                and connection.payout_waiting_account_id
            )

    @api.model
    def _check_bookkeeper(self):
        if not any(self.env.user.has_group(group) for group in BOOKKEEPERS):
            raise AccessError(
                self.env._("Only people who invoice and CRM admins may do this.")
            )

    def action_set_up_payouts(self):
        """Give the account its journal and accounts, then read its payouts."""
        self._check_bookkeeper()
        self.check_access("read")
        # sudo: accounts and journals are made for people without that right
        for connection in self.sudo():
            connection._set_up_payouts()
            connection._ask_payouts()

    def _set_up_payouts(self):
        """Create what is missing; run again, it changes nothing.

        Entries already posted stay where they are: the entry of their payout brings
        them over.
        """
        self.ensure_one()
        company = self.company_id
        if not company.root_id.chart_template:
            raise UserError(
                self.env._(
                    "Company %(company)s has no chart of accounts. Install one in"
                    " Invoicing, then press this button again.",
                    company=company.name,
                )
            )
        self = self.with_company(company)
        codes = company._get_payout_account_codes()
        clearing = self.payout_clearing_account_id or self._make_payout_account(
            codes["clearing"], self.env._("Stripe, money to receive")
        )
        waiting = self.payout_waiting_account_id or self._make_payout_account(
            codes["waiting"], self.env._("Stripe, movements to identify")
        )
        self.write(
            {
                "payout_clearing_account_id": clearing.id,
                "payout_waiting_account_id": waiting.id,
                "payout_since": self.payout_since
                or fields.Date.context_today(self) - timedelta(days=PAST_DAYS),
            }
        )
        self._set_up_payout_journal(codes["liquidity"])

    def _make_payout_account(self, start_code, name, account_type="asset_current"):
        accounts = self.env["account.account"].with_company(self.company_id)
        return accounts.create(
            {
                "name": name,
                "code": accounts._search_new_account_code(start_code),
                "account_type": account_type,
                "reconcile": account_type == "asset_current",
                "company_ids": [Command.set(self.company_id.ids)],
            }
        )

    def _set_up_payout_journal(self, start_code):
        """Have the provider book in a journal of its own, on the clearing account."""
        provider = self.payment_provider_id
        if not self._is_payout_journal(provider.journal_id):
            account = self._make_payout_account(
                start_code, self.env._("Stripe account"), "asset_cash"
            )
            provider.journal_id = self.env["account.journal"].create(
                {
                    "name": self.name[:64],
                    "type": "bank",
                    "code": self._get_payout_journal_code(),
                    "company_id": self.company_id.id,
                    "default_account_id": account.id,
                    "show_on_dashboard": False,
                }
            )
        lines = provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == provider
        )
        lines.payment_account_id = self.payout_clearing_account_id

    def _is_payout_journal(self, journal):
        """Whether a journal serves this account only, and no bank statement."""
        if not journal:
            return False
        methods = journal.inbound_payment_method_line_ids
        if methods.payment_provider_id - self.payment_provider_id:
            return False
        return self.payout_clearing_account_id in methods.payment_account_id

    def _get_payout_journal_code(self):
        """Return a free short code: STR, STR1, STR2 ..."""
        journals = self.env["account.journal"].with_context(active_test=False)
        domain = [("company_id", "=", self.company_id.id), ("code", "=like", "STR%")]
        taken = set(journals.search(domain).mapped("code"))
        return next(
            code
            for code in ("STR", *(f"STR{n}" for n in range(1, 100)))
            if code not in taken
        )

    def _get_payout_user(self):
        """Return who answers for differences."""
        self.ensure_one()
        return (
            self.company_id.payout_accountant_id
            or self.responsible_id
            or self.create_uid
        )

    def _as_bookkeeper(self):
        """Return the connection for a job: its company, its people's language."""
        self.ensure_one()
        partner = self._get_payout_user().partner_id
        return (
            self.with_user(self.env.ref("base.user_root"))
            .with_company(self.company_id)
            .with_context(
                lang=partner.lang or self.company_id.partner_id.lang,
                tz=partner.tz or "Europe/Paris",
                allowed_company_ids=self.company_id.ids,
            )
        )
