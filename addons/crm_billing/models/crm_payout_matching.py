from datetime import timedelta

from odoo import Command, api, models
from odoo.exceptions import UserError

from odoo.addons.crm_integrations.row_lock import RETRY_SECONDS, try_take_rows

from ..lib import payout_match
from .crm_payout_booking import REFUSALS, exact

# Lines older than this are not looked at without their reference.
WINDOW_DAYS = payout_match.DAYS_WITH_REFERENCE


class CrmPayout(models.Model):
    """The bank line of a payout: found by `lib/payout_match.py`, reconciled here."""

    _inherit = "crm.payout"

    # === When === #

    @api.model
    def _plan_matching(self, bank_lines):
        """Bank lines arrived: have a job look when an open payout has their amount."""
        amounts = {line.amount for line in bank_lines if line.amount}
        if not amounts:
            return
        open_payouts = self._get_open_domain(bank_lines.company_id)
        signed = amounts | {-amount for amount in amounts}
        found = self._read_group(
            [*open_payouts, ("amount", "in", list(signed))], ["company_id"]
        )
        for (company,) in found:
            self._plan_match(company)

    @api.model
    def _plan_match(self, company, seconds=None):
        self.with_delay(
            identity_key=f"crm_payout_match:{company.id}", eta=seconds
        )._job_match(company)

    @api.model
    def _job_match(self, company):
        """Match all open payouts of a company."""
        payouts = self.search(self._get_open_domain(company))
        if payouts:
            env = payouts[0]._as_bookkeeper().env
            payouts.with_env(env)._match_open()

    @api.model
    def _get_open_domain(self, companies):
        return [
            ("company_id", "in", companies.ids),
            "|",
            ("state", "=", "booked"),
            "&",
            "&",
            ("state", "=", "failed"),
            ("bank_line_id", "!=", False),
            ("return_line_id", "=", False),
        ]

    # === Which === #

    def _match_open(self):
        """Match what is sure; the rest stays for a person."""
        for company in self.company_id:
            payouts = self.search(self._get_open_domain(company))
            verdict = payouts._judge()
            for pair in verdict.sure:
                line = self.env["account.bank.statement.line"].browse(pair.line)
                if not self.browse(pair.payout)._try_match(line):
                    self._plan_match(company, RETRY_SECONDS)

    def _judge(self):
        lines = self._find_bank_lines()
        return payout_match.match(
            [line._to_match() for line in lines],
            [payout._to_match() for payout in self],
        )

    def _find_bank_lines(self):
        lines = self.env["account.bank.statement.line"]
        if not self:
            return lines
        days = timedelta(days=WINDOW_DAYS)
        dates = self.mapped("arrival_date")
        return lines.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("is_reconciled", "=", False),
                ("amount", "in", [payout._get_expected() for payout in self]),
                ("currency_id", "in", self.currency_id.ids),
                ("date", ">=", min(dates) - days),
                ("date", "<=", max(dates) + days),
            ],
            order="id",
        )

    def _get_expected(self):
        """Return the amount still awaited at the bank."""
        return -self.amount if self.state == "failed" else self.amount

    def _find_bank_journals(self):
        """Return the banks where the payout may arrive: those in its currency."""
        # sudo: which journals exist is no secret of this screen
        system = self.sudo()
        of_company = ("company_id", "=", self.company_id.id)
        accounts = system.connection_id.search(
            [of_company, ("payout_clearing_account_id", "!=", False)]
        )
        journals = system.env["account.journal"].search(
            [
                of_company,
                ("type", "=", "bank"),
                ("id", "not in", accounts.payout_journal_id.ids),
            ]
        )
        own = self.company_id.currency_id
        return journals.filtered(lambda x: (x.currency_id or own) == self.currency_id)

    def _type_bank_line(self, date, label, journal):
        """Return the new line of a person who types what the statement says."""
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": date,
                "payment_ref": label,
                "amount": self._get_expected(),
            }
        )

    def _to_match(self):
        return payout_match.ExpectedLine(
            key=self.id,
            amount=exact(self._get_expected(), self.currency_id),
            currency=self.currency_id.name,
            date=self.arrival_date,
            references=(self.trace_id or "", self.remote_id),
            names=("STRIPE", self.descriptor or ""),
            refused=frozenset(self.refused_line_ids.ids),
        )

    @api.depends("state", "amount", "arrival_date", "refused_line_ids")
    def _compute_candidate_line_ids(self):
        lines = self.env["account.bank.statement.line"]
        for payout in self:
            payout.candidate_line_ids = lines
            is_open = payout.state == "booked" or (
                payout.state == "failed" and payout.bank_line_id
            )
            if payout.id and is_open and not payout.return_line_id:
                system = payout.sudo()
                verdict = system._judge()
                pairs = verdict.sure + verdict.unsure
                payout.candidate_line_ids = lines.browse(p.line for p in pairs)

    # === Doing it === #

    def _choose_line(self, bank_line):
        """A person says which line it is."""
        self.ensure_one()
        self._check_bookkeeper()
        bank_line.check_access("read")
        payout = self._as_bookkeeper()
        trouble = payout._get_line_trouble(bank_line.with_env(payout.env))
        if trouble:
            raise UserError(trouble)
        payout._match(bank_line.with_env(payout.env))

    def _get_line_trouble(self, bank_line):
        if self.state not in ("booked", "failed"):
            return self.env._("%(payout)s awaits no bank line.", payout=self.remote_id)
        if bank_line.is_reconciled:
            return self.env._("This bank line is already reconciled.")
        is_same_money = (
            bank_line.company_id == self.company_id
            and bank_line.currency_id == self.currency_id
            and self.currency_id.compare_amounts(bank_line.amount, self._get_expected())
            == 0
        )
        if not is_same_money:
            return self.env._(
                "This bank line is %(line)s, the payout %(payout)s.",
                line=bank_line.currency_id.format(bank_line.amount),
                payout=self.currency_id.format(self._get_expected()),
            )
        return False

    def _try_match(self, bank_line):
        """Match without a person; what prevents it is written on the payout.

        :return: False when somebody else is at it
        """
        rows = (self, bank_line, self.line_ids.payment_id)
        if not all(map(try_take_rows, rows)):
            return False
        self.invalidate_recordset()
        bank_line.invalidate_recordset(["is_reconciled"])
        if self._get_line_trouble(bank_line):
            return True
        try:
            with self.env.cr.savepoint():
                self._match(bank_line)
        except REFUSALS as error:
            self.trouble = str(error.args[0])
        return True

    def _match(self, bank_line):
        """Give the bank line its counterpart and reconcile the whole payout."""
        self.ensure_one()
        self._set_counterpart(bank_line)
        if self.state == "failed":
            self.return_line_id = bank_line
            self._reconcile(self._get_clearing_items())
            return
        self.write({"bank_line_id": bank_line.id, "state": "matched", "trouble": False})
        self._reconcile(self._get_clearing_items())

    def _set_counterpart(self, bank_line):
        _liquidity, suspense, other = bank_line._seek_for_lines()
        if not suspense or other:
            raise UserError(
                self.env._(
                    "The bank line of %(date)s already has a counterpart.",
                    date=bank_line.date,
                )
            )
        clearing = self.connection_id.payout_clearing_account_id
        bank_line.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.update(
                        suspense.id,
                        {"account_id": clearing.id, "name": self.remote_id},
                    )
                ]
            }
        )

    def _get_clearing_items(self):
        """Return the open journal items of this payout on the clearing account."""
        clearing = self.connection_id.payout_clearing_account_id
        return self._get_all_items().filtered(
            lambda item: item.account_id == clearing and not item.reconciled
        )

    def _get_all_items(self):
        """Return every journal item this payout stands on."""
        moves = self.move_id | self.bank_line_id.move_id | self.return_line_id.move_id
        placed = self.line_ids.filtered(lambda x: x.place in ("clearing", "different"))
        moves |= placed.payment_id.move_id
        items = moves.line_ids
        for line in self.line_ids.filtered(lambda x: x.role == "returned"):
            items |= self._find(line.connection_id, line.source)._get_all_items()
        return items

    def _undo_match(self):
        """Free the bank line and open again what it closed."""
        bank_line = self.bank_line_id
        clearing = self.connection_id.payout_clearing_account_id
        items = self._get_all_items().filtered(lambda x: x.account_id == clearing)
        items.remove_move_reconcile()
        bank_line.action_undo_reconciliation()

    @api.model
    def _find_by_lines(self, bank_lines):
        return self.search(
            [
                "|",
                ("bank_line_id", "in", bank_lines.ids),
                ("return_line_id", "in", bank_lines.ids),
            ]
        )

    def _forget_lines(self, bank_lines):
        """The bank lines were freed: do not take them again by ourselves."""
        for payout in self:
            gone = (payout.bank_line_id | payout.return_line_id) & bank_lines
            payout.refused_line_ids |= gone
            if payout.return_line_id in gone:
                payout.return_line_id = False
            if payout.bank_line_id in gone:
                payout.bank_line_id = False
                if payout.state == "matched":
                    payout.state = "booked"
