from odoo import models

from ..lib.minor_units import stripe_decimals
from ..lib.stripe_payout import find_wrong_sum


class CrmPayout(models.Model):
    """What prevents a payout from being booked."""

    _inherit = "crm.payout"

    def _get_booking_trouble(self):
        """Return the sentence that says what is missing, False when nothing is."""
        connection, company = self.connection_id, self.company_id
        if not self.has_all_lines:
            return self.env._("Stripe has not given all its movements yet.")
        if not connection.payout_is_ready:
            return self.env._(
                "The accounts are missing: open the connection %(name)s and press"
                " 'Set up the accounts'.",
                name=connection.name,
            )
        if not company._get_payout_fee_account() and self.amount_fee:
            return self.env._(
                "Choose the account of payment fees of %(company)s in the settings,"
                " then press 'Book'.",
                company=company.name,
            )
        return self._get_sum_trouble()

    def _get_sum_trouble(self):
        code = self.currency_id.name
        step = 10 ** stripe_decimals(code)
        rows = [
            (
                line.remote_id,
                round(line.amount * step),
                round(line.fee * step),
                round(
                    sum(fee[1] for fee in line.fee_details) * step
                    if line.fee_details
                    else line.fee * step
                ),
                round(line.net * step),
            )
            for line in self.line_ids
        ]
        wrong = find_wrong_sum(round(self.amount * step), rows)
        if not wrong:
            return False
        amounts = {
            name: self.currency_id.format(value / step)
            for name, value in (("there", wrong.found), ("expected", wrong.expected))
        }
        if wrong.remote_id:
            return self.env._(
                "Stripe's figures contradict each other on %(line)s: %(expected)s by"
                " calculation, %(there)s announced. Nothing is booked; press 'Read"
                " again', then ask Stripe.",
                line=wrong.remote_id,
                **amounts,
            )
        return self.env._(
            "The movements add up to %(there)s, the payout is %(expected)s. Nothing is"
            " booked; press 'Read again', then ask Stripe.",
            **amounts,
        )
