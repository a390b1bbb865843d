from odoo import api, fields, models


class CrmPaymentLink(models.Model):
    """Links of invoices and of instalments, next to those of deals."""

    _inherit = "crm.payment.link"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    instalment_id = fields.Many2one(
        "crm.instalment",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    dispute_status = fields.Selection(
        [("open", "To answer"), ("won", "Won"), ("lost", "Lost")],
        string="Dispute",
        readonly=True,
    )
    dispute_due_on = fields.Date(string="Answer before", readonly=True)
    refund_note = fields.Text(string="Refunds", compute="_compute_refund_note")
    base_amount = fields.Monetary(
        readonly=True, help="What the deal was worth when its link was made."
    )
    is_partial = fields.Boolean(
        readonly=True, help="Asks on purpose for a part of what is due."
    )

    _move_open_uniq = models.UniqueIndex(
        "(move_id) WHERE move_id IS NOT NULL"
        " AND state IN ('creating', 'waiting', 'processing')",
        "This invoice already has an open payment link.",
    )
    _instalment_open_uniq = models.UniqueIndex(
        "(instalment_id) WHERE instalment_id IS NOT NULL"
        " AND state IN ('creating', 'waiting', 'processing')",
        "This instalment already has an open payment link.",
    )

    def _compute_refund_note(self):
        for link in self:
            link.refund_note = link._describe_refunds()

    @api.model
    def _get_document_fields(self):
        return [*super()._get_document_fields(), "move_id", "instalment_id"]

    @api.depends("token", "move_id", "instalment_id")
    def _compute_url(self):
        """An invoice has one address for good: the one printed on it."""
        result = super()._compute_url()
        for link in self:
            document = link.move_id or link.instalment_id
            if document and link.token:
                link.url = document._get_signed_page_url()
        return result
