from decimal import Decimal

from odoo import Command, api, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from odoo.addons.crm_integrations.row_lock import jobs_come_back, take_rows

from ..lib.payout_entry import Books, Item, Movement, plan_entry
from ..lib.stripe_payout import DEAD_STATUSES, Role

# What a locked row, a closed period or a missing account raise.
REFUSALS = (UserError, ValidationError, RedirectWarning)


def exact(amount, currency):
    """Return a Monetary value as the decimal it stands for."""
    return Decimal(f"{amount:.{currency.decimal_places}f}")


class CrmPayout(models.Model):
    """The entry of a payout: planned by `lib/payout_entry.py`, posted here."""

    _inherit = "crm.payout"

    def _plan_booking(self):
        """Have a job book these payouts; asked twice, it is done once."""
        for payout in self:
            payout.with_delay(identity_key=f"crm_payout_book:{payout.id}")._job_book()

    def _job_book(self):
        """Book one payout, whoever was first."""
        payout = self.exists()
        if not payout:
            return
        with jobs_come_back():
            payout._as_bookkeeper()._book()

    def _book(self):
        """Post the entry, then look for the bank line.

        The rows are locked and read again: of two servers the second finds it booked.
        """
        self.ensure_one()
        take_rows(self)
        self.invalidate_recordset()
        if self.state not in ("ready", "blocked"):
            return
        trouble = self._get_booking_trouble()
        if not trouble:
            try:
                with self.env.cr.savepoint():
                    self._post_entry()
            except REFUSALS as error:
                trouble = str(error.args[0])
        if trouble:
            self.write({"state": "blocked", "trouble": trouble})
            return
        self.write({"state": "booked", "trouble": False})
        if self.remote_status in DEAD_STATUSES:
            # The fees are due whatever the bank did with the payout.
            self._receive_return()
        else:
            self._match_open()

    def _book_manual(self):
        """A manual payout has no breakdown: a plain transfer, and a task."""
        if self.state != "waiting":
            return
        self.state = "booked"
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Manual payout: check the fees"),
            note=self.env._(
                "Stripe cannot say which payments a manual payout is made of. It is"
                " booked as a transfer from the clearing account; the fees of its"
                " payments must be booked by hand, from Stripe's monthly report."
            ),
            user_id=self.connection_id._get_payout_user().id,
        )
        self._match_open()

    # === The entry === #

    def _post_entry(self):
        lines = self.line_ids
        take_rows(lines)
        lines._link()
        take_rows(lines.payment_id)
        company = self.company_id
        plan = plan_entry(
            self._prepare_movements(lines),
            self._get_books(),
            self.currency_id.name,
            self._get_converter(),
        )
        self._write_places(plan.places)
        if not plan.lines:
            return
        currencies = self._get_currencies({line.currency for line in plan.lines})
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.connection_id.payout_journal_id.id,
                "date": self.arrival_date,
                "ref": self.env._("Payout %(name)s", name=self.remote_id),
                "company_id": company.id,
                "line_ids": [
                    Command.create(self._prepare_item(line, currencies))
                    for line in plan.lines
                ],
            }
        )
        brought = self._link_items(move, plan.lines)
        move._post(soft=False)
        self.move_id = move
        self._reconcile_places(brought)

    def _get_books(self):
        connection, company = self.connection_id, self.company_id
        return Books(
            clearing=connection.payout_clearing_account_id.id,
            waiting=connection.payout_waiting_account_id.id,
            fee=company._get_payout_fee_account().id,
            exchange_gain=company.income_currency_exchange_account_id.id,
            exchange_loss=company.expense_currency_exchange_account_id.id,
            currency=company.currency_id.name,
        )

    def _get_converter(self):
        company, currency = self.company_id, self.currency_id

        def convert(amount):
            if currency == company.currency_id:
                return amount
            value = currency._convert(
                float(amount), company.currency_id, company, self.arrival_date
            )
            return exact(value, company.currency_id)

        return convert

    def _prepare_movements(self, lines):
        items = lines._find_items()
        returned = self._find_returned(lines)
        for line in lines:
            currency = line.currency_id
            disputed = line.role in ("dispute", "dispute_won")
            partner = line.partner_id
            receivable = partner.with_company(
                self.company_id
            ).property_account_receivable_id
            yield Movement(
                key=line.id,
                role=Role(line.role),
                gross=exact(line.amount, currency),
                fees=self._get_exact_fees(line),
                item=items.get(line.id) or returned.get(line.id),
                receivable=receivable.id if disputed and partner else None,
                partner=partner.id or None,
            )

    def _get_exact_fees(self, line):
        details = line.fee_details or ([("", line.fee, "")] if line.fee else [])
        return tuple(
            (kind, exact(amount, line.currency_id)) for kind, amount, _text in details
        )

    def _find_returned(self, lines):
        """Return {line id: Item} of payouts that came back and are in this one."""
        found = {}
        for line in lines.filtered(lambda line: line.role == "returned"):
            payout = self._find(self.connection_id, line.source)
            items = payout._get_clearing_items()
            residual = sum(items.mapped("amount_residual_currency"))
            if payout.bank_line_id:
                # It was at the bank: the line of its return brings the money back.
                residual = line.amount
            if payout and residual:
                found[line.id] = Item(
                    account=self.connection_id.payout_clearing_account_id.id,
                    currency=self.currency_id.name,
                    residual=exact(residual, self.currency_id),
                    balance=exact(
                        sum(items.mapped("amount_residual")),
                        self.company_id.currency_id,
                    ),
                    is_clearing=True,
                )
        return found

    def _write_places(self, places):
        by_place = {}
        for line_id, place in places.items():
            by_place.setdefault(place, []).append(line_id)
        for place, ids in by_place.items():
            self.env["crm.payout.line"].browse(ids).place = place.value

    def _prepare_item(self, line, currencies):
        values = {
            "account_id": line.account,
            "name": self._get_item_name(line),
            "partner_id": line.partner,
            "currency_id": currencies[line.currency].id,
            "amount_currency": float(line.amount),
            "balance": float(line.balance),
        }
        if line.subject == "fee":
            taxes = self.company_id.payout_fee_tax_ids
            values["tax_ids"] = [Command.set(taxes.ids)]
        return values

    @api.model
    def _get_subjects(self):
        return {
            "fee": self.env._("Fees"),
            "brought": self.env._("Brought over to the clearing account"),
            "exchange": self.env._("Exchange difference"),
            "dispute": self.env._("Dispute"),
            "waiting": self.env._("To identify"),
        }

    def _get_item_name(self, line):
        subject = self._get_subjects()[line.subject.removeprefix("clearing_")]
        movement = self.env["crm.payout.line"].browse(line.key or [])
        words = [self.remote_id, subject]
        if movement:
            words += [movement.source or movement.remote_id, movement.description]
        if line.detail and line.detail != "stripe_fee":
            words.append(line.detail)
        return " - ".join(filter(None, words))

    def _link_items(self, move, planned):
        """Let movements know their own journal item.

        :return: {movement: item that empties the account it was brought from}
        """
        brought = {}
        items = move.line_ids.sorted("id")[: len(planned)]
        for item, line in zip(items, planned, strict=True):
            movement = self.env["crm.payout.line"].browse(line.key or [])
            if movement and line.subject in ("waiting", "dispute"):
                movement.entry_line_id = item
            elif movement and line.subject == "brought":
                brought[movement] = item
        return brought

    def _reconcile_places(self, brought):
        """Close accounts payments were brought from, and disputes that were won."""
        for movement, item in brought.items():
            paid = movement.payment_id.move_id.line_ids
            self._reconcile(
                item
                | paid.filtered(lambda x, item=item: x.account_id == item.account_id)
            )
        for movement in self.line_ids.filtered(lambda x: x.role == "dispute_won"):
            movement._reconcile_dispute()

    @api.model
    def _reconcile(self, items):
        items = items.filtered(lambda item: not item.reconciled)
        if len(items) > 1:
            items.reconcile()
