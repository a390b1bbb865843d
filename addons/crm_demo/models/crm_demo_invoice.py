from collections import defaultdict

from odoo import Command, models

from ..lib.invoice_plan import Outcome, plan_invoices

# Invoices of the acceptance journeys: posted some days ago, still to be paid.
PINNED_AGES_DAYS = {"oceane_chatbot": 6}


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_invoice(self):
        """Invoice the confirmed orders and bring each invoice to its state."""
        plans = [
            plan
            for plan in plan_invoices(
                self._get_closed_deals(), self._get_today(), PINNED_AGES_DAYS
            )
            if plan.outcome is not Outcome.TO_INVOICE
        ]
        invoices = self._create_invoices(plans)
        by_outcome = defaultdict(list)
        for plan, invoice in zip(plans, invoices, strict=True):
            by_outcome[plan.outcome].append((plan, invoice))
        drafts = invoices.browse(
            [invoice.id for _plan, invoice in by_outcome[Outcome.DRAFT]]
        )
        cancelled = invoices.browse(
            [invoice.id for _plan, invoice in by_outcome[Outcome.CANCELLED]]
        )
        self._post_invoices(invoices - drafts - cancelled)
        cancelled.button_cancel()
        transfers = [
            (invoice, plan.settled_on, invoice.amount_residual)
            for plan, invoice in by_outcome[Outcome.PAID]
        ]
        transfers += [
            (
                invoice,
                plan.settled_on,
                invoice.currency_id.round(invoice.amount_residual / 2),
            )
            for plan, invoice in by_outcome[Outcome.PARTLY_PAID]
        ]
        self._pay_invoices(transfers)
        for plan, invoice in by_outcome[Outcome.CREDITED]:
            self._credit_invoice(invoice, plan.settled_on, line_count=None)
        for plan, invoice in by_outcome[Outcome.PARTLY_CREDITED]:
            self._credit_invoice(invoice, plan.settled_on, line_count=1)

    def _create_invoices(self, plans):
        orders = self.env["sale.order"].browse(
            [self._recall_id("order", plan.deal.key) for plan in plans]
        )
        # "Grouped" means one invoice per order here, not one per client.
        created = orders._create_invoices(grouped=True)
        by_order = {move.line_ids.sale_line_ids.order_id: move for move in created}
        invoices = created.browse([by_order[order].id for order in orders])
        for plan, invoice in zip(plans, invoices, strict=True):
            invoice.invoice_date = plan.invoiced_on
        self._remember("invoice", [plan.deal.key for plan in plans], invoices)
        return invoices

    def _post_invoices(self, invoices):
        """Post in the order of dates: numbers follow without a gap."""
        invoices.sorted(lambda move: (move.invoice_date, move.id)).action_post()
        invoices.is_move_sent = True

    def _pay_invoices(self, transfers):
        """Book bank payments: (invoice, day, amount) each, all at once."""
        transfers.sort(key=lambda transfer: transfer[1])
        invoices = [invoice for invoice, _day, _amount in transfers]
        payments = self.env["account.payment"].create(
            [self._prepare_payment(*transfer) for transfer in transfers]
        )
        self._refresh_statistics()
        payments.action_post()
        self._refresh_statistics()
        receivable = [
            (invoice + payment.move_id).line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            )
            for invoice, payment in zip(invoices, payments, strict=True)
        ]
        self.env["account.move.line"]._reconcile_plan(receivable)

    def _prepare_payment(self, invoice, paid_on, amount):
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", invoice.company_id.id)], limit=1
        )
        by_hand = journal.inbound_payment_method_line_ids.filtered(
            lambda line: line.code == "manual"
        )
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": invoice.commercial_partner_id.id,
            "amount": amount,
            "date": paid_on,
            "journal_id": journal.id,
            "payment_method_line_id": by_hand[:1].id,
            "memo": invoice.name,
            "invoice_ids": [Command.set(invoice.ids)],
        }

    def _credit_invoice(self, invoice, credited_on, line_count):
        """Credit the whole invoice, or its last ``line_count`` lines."""
        values = {
            "date": credited_on,
            "invoice_date": credited_on,
            "ref": self.env._("Cancels %(number)s", number=invoice.name),
            "fr_credit_reason": self.env._("Services reduced by mutual agreement"),
            "invoice_user_id": invoice.invoice_user_id.id,
        }
        credit_note = invoice._reverse_moves([values], cancel=False)
        if line_count:
            lines = credit_note.invoice_line_ids[:-line_count]
            credit_note.invoice_line_ids = [Command.delete(line.id) for line in lines]
        # Posting reconciles it with the invoice it reverses.
        credit_note.action_post()
        return credit_note
