import logging

from odoo import Command, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class AccountMove(models.Model):
    _inherit = "account.move"

    is_late_charge = fields.Boolean(
        string="Late Interest", readonly=True, copy=False,
        help="A debit note of late interest: it bears no interest itself.",
    )  # fmt: skip
    late_charge_ids = fields.One2many(
        "crm.late.charge", "move_id", string="Interest Claimed", readonly=True
    )

    def _bears_late_interest(self):
        return super()._bears_late_interest() and not self.is_late_charge

    def _get_late_claims(self):
        # sudo: what was claimed decides the amount for whoever sees the invoice
        groups = (
            self.env["crm.late.charge"]
            .sudo()
            ._read_group(
                [("move_id", "in", self.ids), ("stands", "=", True)],
                ["move_id"],
                ["date_to:max", "fee:sum"],
            )
        )
        return {move.id: (last, bool(fee)) for move, last, fee in groups}

    # === Buttons === #

    def action_create_late_charge(self):
        """Draft one debit note per late invoice for what was not claimed yet."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        notes = self.browse()
        for move in self:
            notes |= move._create_late_charge(today)
        return notes._get_late_charge_action()

    def _get_late_charge_action(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Debit Notes of Late Interest"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
            "context": {"create": False},
        }
        if len(self) == 1:
            action.update(view_mode="form", res_id=self.id)
        return action

    def action_view_late_calculation(self):
        """Print the calculation as it stands today."""
        self.ensure_one()
        return self.env.ref("crm_billing.late_interest_report").report_action(self)

    # === Drafting === #

    def _create_late_charge(self, until):
        """Return the debit note, in draft, of interest and fee up to a day.

        The row is locked: two clicks cannot claim the same days.
        """
        self.ensure_one()
        self.lock_for_update()
        late = self._get_late_interest(until)
        if not late.total:
            raise UserError(self._explain_nothing_to_claim())
        interest_account, fee_account = self._get_late_accounts(late)
        note = self._copy_as_debit_note(until)
        note.is_late_charge = True
        note.invoice_line_ids = [
            Command.create(vals)
            for vals in self._prepare_late_charge_lines(
                late, interest_account, fee_account
            )
        ]
        counted = late.segments
        self.env["crm.late.charge"].sudo().create(
            {
                "move_id": self.id,
                "debit_move_id": note.id,
                "date_from": counted[0].start if counted else False,
                "date_to": max(segment.end for segment in counted)
                if counted
                else self._get_last_claimed_day(until),
                "interest": float(late.interest),
                "fee": float(late.fee),
            }
        )
        self._attach_late_calculation(note, late)
        self.message_post(
            body=self.env._(
                "Debit note of late interest drafted: %(amount)s.",
                amount=self.currency_id.format(float(late.total)),
            )
        )
        return note

    def _get_last_claimed_day(self, until):
        claimed = self._get_late_claims().get(self.id)
        return claimed[0] if claimed else until

    def _explain_nothing_to_claim(self):
        standing = self.late_charge_ids.filtered("stands")
        if standing:
            return self.env._(
                "%(document)s: interest up to %(day)s is already claimed by"
                " %(notes)s, nothing was added since.",
                document=self.name,
                day=format_date(self.env, max(standing.mapped("date_to"))),
                notes=", ".join(
                    note.name or self.env._("a draft")
                    for note in standing.debit_move_id
                ),
            )
        return self.env._(
            "%(document)s bears no late interest today: it is not late, or its client"
            " owes none.",
            document=self.name,
        )

    def _copy_as_debit_note(self, day):
        """Return core's debit note of the invoice, without lines."""
        wizard = (
            self.env["account.debit.note"]
            .with_context(active_model="account.move", active_ids=self.ids)
            .create({"date": day, "reason": self.env._("late interest")})
        )
        return self.browse(wizard.create_debit()["res_id"])

    def _prepare_late_charge_lines(self, late, interest_account, fee_account):
        """Return the values of the lines: indemnities, so without tax."""
        lines = []
        if late.interest:
            segments = late.segments
            lines.append(
                {
                    "name": self.env._(
                        "Late interest on %(document)s, from %(start)s to %(end)s"
                        " (%(days)s days, calculation attached)",
                        document=self.name,
                        start=format_date(self.env, segments[0].start),
                        end=format_date(self.env, max(s.end for s in segments)),
                        days=late.days,
                    ),
                    "price_unit": float(late.interest),
                    "account_id": interest_account.id,
                }
            )
        if late.fee:
            lines.append(
                {
                    "name": self.env._(
                        "Fixed recovery fee, %(document)s", document=self.name
                    ),
                    "price_unit": float(late.fee),
                    "account_id": fee_account.id,
                }
            )
        common = {"quantity": 1, "tax_ids": [Command.clear()]}
        return [{**common, **line} for line in lines]

    def _get_late_accounts(self, late):
        """Return the accounts of interest and of the fee, or ask for them."""
        company = self.company_id
        accounts = company._get_late_interest_accounts()
        missing = [
            bool(amount) and not account
            for amount, account in zip((late.interest, late.fee), accounts, strict=True)
        ]
        if any(missing):
            raise RedirectWarning(
                self.env._(
                    "Choose the accounts of late interest and of recovery fees of"
                    " %(company)s first.",
                    company=company.name,
                ),
                self.env.ref("account.action_account_config").id,
                self.env._("Open the settings"),
            )
        return accounts

    # === The calculation on paper === #

    def _attach_late_calculation(self, note, late):
        """Attach the calculation; without PDF engine the draft is kept and says so."""
        language = self.partner_id.lang or self.env.lang
        report = self.env["ir.actions.report"].with_context(lang=language)
        try:
            content, kind = report._render_qweb_pdf(
                "crm_billing.late_interest_report",
                self.ids,
                data={"late_by_id": {self.id: late}},
            )
        except UserError as error:
            _logger.info("debit note %s: no PDF of the calculation: %s", note.id, error)
            note.message_post(
                body=self.env._(
                    "The PDF of the calculation could not be made: %(cause)s",
                    cause=str(error),
                )
            )
            return
        note.message_post(
            body=self.env._("Calculation of the late interest."),
            attachments=[(self._get_late_calculation_name(kind), content)],
        )

    def _get_late_calculation_name(self, kind="pdf"):
        name = (self.name or "").replace("/", "-")
        return self.env._("Late interest %(document)s", document=name) + f".{kind}"
