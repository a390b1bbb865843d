from odoo import api, fields, models


class CrmUpsellProposal(models.TransientModel):
    """A product to propose beside those of a quotation, with its support.

    It is written by the system; the click that adds the line is the person's.
    """

    _name = "crm.upsell.proposal"
    _description = "Upsell Proposal"
    _order = "id"
    _rec_name = "product_id"

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    because_id = fields.Many2one("product.product", required=True, ondelete="cascade")
    support = fields.Integer()
    base = fields.Integer()
    currency_id = fields.Many2one(related="order_id.currency_id")
    price = fields.Monetary()
    reason = fields.Char(compute="_compute_reason")

    @api.depends("support", "base", "product_id", "because_id")
    def _compute_reason(self):
        for proposal in self:
            proposal.reason = self.env._(
                "%(support)s clients out of %(base)s who took %(because)s also took"
                " %(product)s.",
                support=proposal.support,
                base=proposal.base,
                because=proposal.because_id.display_name,
                product=proposal.product_id.display_name,
            )

    def action_add(self):
        """Add the product to the quotation, with the person's rights."""
        self.ensure_one()
        self.order_id._add_upsell(self.product_id)
        return {"type": "ir.actions.act_window_close"}
