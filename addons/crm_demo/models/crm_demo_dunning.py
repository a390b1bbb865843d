from datetime import datetime, time, timedelta

from odoo import Command, models

# Hour at which reminders leave, in UTC.
SENT_AT = time(6, 5)
PROMISED_IN_DAYS = 9


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "dunning"]

    def _tell_dunning(self):
        """Reminders of the last weeks, and a client who promised to pay.

        Only the history is told: what leaves from now on is for a person to start.
        """
        lumen = self._recall("company", "lumen")
        catherine = self._recall("user", "catherine")
        lumen.dunning_responsible_id = catherine
        steps = lumen._get_dunning_policy().step_ids.filtered(
            lambda step: step.audience != "consumer"
        )
        late = self.env["account.move"].search(
            [
                *self.env["crm.dunning.engine"]._get_open_domain(),
                ("company_id", "=", lumen.id),
                ("invoice_date_due", "<", self._get_today()),
            ],
            order="invoice_date_due, id",
        )
        told_on = {}
        for move in late:
            self._tell_reminders(move, steps.sorted("offset_days"), told_on)
        if late:
            self.env["crm.dunning.pause"].create(
                {
                    "kind": "promise",
                    "company_id": lumen.id,
                    "move_id": late[-1].id,
                    "reason": self.env._("Promised on the phone"),
                    "amount": late[-1].amount_residual,
                    "date_until": self._get_today() + timedelta(days=PROMISED_IN_DAYS),
                }
            )

    def _tell_reminders(self, move, steps, told_on):
        """One message per step whose day has come, some days apart for a client.

        :param told_on: day of the last message by client, kept up to date
        """
        client = move.commercial_partner_id
        gap = timedelta(days=steps[:1].policy_id.gap_days)
        for step in steps:
            planned = move.invoice_date_due + timedelta(days=step.offset_days)
            day = move.company_id._get_dunning_calendar(planned).next_open(planned)
            is_close = client in told_on and day - told_on[client] < gap
            if day >= self._get_today() or day < move.invoice_date or is_close:
                continue
            told_on[client] = day
            self._tell_reminder(move, step, day)

    def _tell_reminder(self, move, step, day):
        is_letter = step.channel == "letter"
        self.env["crm.dunning.message"].create(
            {
                "company_id": move.company_id.id,
                "partner_id": move.commercial_partner_id.id,
                "client_key": move.commercial_partner_id.id,
                "recipient_id": move.partner_id.id,
                "policy_id": step.policy_id.id,
                "step_id": step.id,
                "date": day,
                "channel": step.channel,
                "state": "done" if is_letter else "sent",
                "letter_posted_on": day if is_letter else False,
                "sent_at": datetime.combine(day, SENT_AT),
                "lang": move.partner_id.lang,
                "mail_address": move.partner_id.email,
                "responsible_id": move.company_id.dunning_responsible_id.id,
                "line_ids": [Command.create(self._prepare_reminder(move, step, day))],
            }
        )

    def _prepare_reminder(self, move, step, day):
        # A half-year without a published rate: the reminder names no figure.
        is_known = not move._get_late_interest_trouble(day)
        late = step.show_interest and is_known and move._get_late_interest(day)
        return {
            "company_id": move.company_id.id,
            "partner_id": move.commercial_partner_id.id,
            "move_id": move.id,
            "step_id": step.id,
            "offset_days": step.offset_days,
            "date": day,
            "date_due": move.invoice_date_due,
            "currency_id": move.currency_id.id,
            "amount_total": move.amount_total,
            "amount_paid": move.amount_total - move.amount_residual,
            "amount_residual": move.amount_residual,
            "interest": float(late.interest) if late else 0,
            "fee": float(late.fee) if late else 0,
        }
