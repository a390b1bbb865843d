from odoo import Command, fields, models


class CrmPayout(models.Model):
    """What comes after the booking: payouts sent back, payments known late."""

    _inherit = "crm.payout"

    def _receive_return(self):
        """Show it and tell a person, once."""
        self.ensure_one()
        # A payout still to be booked learns of it once its fees are booked.
        if self.state not in ("waiting", "booked", "matched"):
            return
        self.state = "failed"
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=self.env._("The bank sent a payout back"),
            note=self.env._(
                "%(amount)s did not reach the bank: %(reason)s. The money is in your"
                " Stripe balance again; check the bank account entered at Stripe.",
                amount=self.currency_id.format(self.amount),
                reason=self.failure or self.remote_status,
            ),
            date_deadline=fields.Date.context_today(self),
            user_id=self.connection_id._get_payout_user().id,
        )
        self._match_open()

    def _move_from_waiting(self, lines):
        """Payments were booked after their payout: clearing takes them back.

        :param lines: movements on the waiting account whose payment is now known
        """
        self.ensure_one()
        clearing = self.connection_id.payout_clearing_account_id
        commands = []
        for line in lines:
            waiting = line.entry_line_id
            for account, sign in ((waiting.account_id, -1), (clearing, 1)):
                commands.append(
                    Command.create(
                        {
                            "account_id": account.id,
                            "name": waiting.name,
                            "partner_id": line.partner_id.id,
                            "currency_id": waiting.currency_id.id,
                            "amount_currency": sign * waiting.amount_currency,
                            "balance": sign * waiting.balance,
                        }
                    )
                )
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.connection_id.payout_journal_id.id,
                "date": max(self.arrival_date, *lines.payment_id.mapped("date")),
                "ref": self.env._(
                    "Payments of %(name)s known late", name=self.remote_id
                ),
                "line_ids": commands,
            }
        )
        move._post(soft=False)
        pairs = move.line_ids.sorted("id")
        for position, line in enumerate(lines):
            freed, taken = pairs[2 * position : 2 * position + 2]
            paid = line.payment_id.move_id.line_ids
            self._reconcile(line.entry_line_id | freed)
            self._reconcile(
                taken | paid.filtered(lambda item: item.account_id == clearing)
            )
            line.place = "brought"
