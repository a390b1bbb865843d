from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmPaymentLinkWizard(models.TransientModel):
    """The choices behind a payment link, for whoever wants more than one click."""

    _name = "crm.payment.link.wizard"
    _description = "Payment Link Options"

    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    amount_mode = fields.Selection(
        [("as_is", "As it is (tax included)"), ("plus_tax", "Plus tax")],
        string="Amount",
        compute="_compute_choices",
        store=True,
        readonly=False,
    )
    tax_id = fields.Many2one(
        "account.tax",
        compute="_compute_choices",
        store=True,
        readonly=False,
        domain="[('type_tax_use', '=', 'sale'), ('amount_type', '=', 'percent'),"
        " ('company_id', 'parent_of', company_id)]",
    )
    is_priced = fields.Boolean(
        compute="_compute_is_priced", help="The document itself tells what is due."
    )
    asked_amount = fields.Monetary(
        string="Amount Asked For",
        compute="_compute_asked_amount",
        store=True,
        readonly=False,
        help="All that is due, or a part of it.",
    )
    description = fields.Char(
        compute="_compute_choices",
        store=True,
        readonly=False,
        help="The customer reads it above the amount.",
    )
    validity_days = fields.Integer(
        string="Valid (days)", compute="_compute_choices", store=True, readonly=False
    )
    amount = fields.Monetary(string="The Customer Pays", compute="_compute_amount")
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")

    _validity_range = models.Constraint(
        "CHECK(validity_days BETWEEN 1 AND 365)",
        "A payment link is valid between 1 and 365 days.",
    )

    def _get_document(self):
        self.ensure_one()
        model = self.env.get(self.res_model or "")
        mixin = self.env.registry["crm.payment.link.mixin"]
        if model is None or not isinstance(model, mixin):
            raise ValidationError(self.env._("This document cannot be paid by link."))
        document = model.browse(self.res_id)
        # Stored computes run as superuser: they may tell only what the user may read.
        document.with_user(self.env.uid).check_access("read")
        return document

    @api.depends("res_model", "res_id")
    def _compute_company_id(self):
        for wizard in self:
            wizard.company_id = wizard._get_document()._get_payment_link_company()

    @api.depends("res_model", "res_id")
    def _compute_is_priced(self):
        for wizard in self:
            limit = wizard._get_document()._get_payment_link_max()
            wizard.is_priced = limit is not None

    @api.depends("res_model", "res_id")
    def _compute_asked_amount(self):
        for wizard in self:
            wizard.asked_amount = wizard._get_document()._get_payment_link_max() or 0

    @api.depends("company_id")
    def _compute_choices(self):
        for wizard in self:
            company = wizard.company_id
            wizard.amount_mode = company.payment_link_amount_mode
            wizard.tax_id = company._get_payment_link_tax()
            document = wizard._get_document()
            # A document with a price of its own knows its words, too.
            wizard.description = (
                document._prepare_payment_link_values({})["description"]
                if document._get_payment_link_max() is not None
                else document.display_name
            )
            wizard.validity_days = company.payment_link_validity_days

    @api.depends("amount_mode", "tax_id", "res_id", "asked_amount")
    def _compute_amount(self):
        for wizard in self:
            document = wizard._get_document()
            limit = document._get_payment_link_max()
            if limit is not None:
                wizard.amount = wizard.asked_amount
                wizard.currency_id = document.currency_id
                continue
            values = document._prepare_payment_link_values(wizard._prepare_options())
            wizard.amount = values["amount"]
            wizard.currency_id = values["currency_id"]

    def _prepare_options(self):
        self.ensure_one()
        return {
            "amount": self.is_priced and self.asked_amount,
            "amount_mode": self.amount_mode,
            "tax": self.tax_id,
            "description": self.description,
            "validity_days": self.validity_days,
        }

    def action_create_link(self):
        """Make the link as chosen."""
        self._get_document()._create_payment_link(self._prepare_options())
        return {"type": "ir.actions.act_window_close"}
