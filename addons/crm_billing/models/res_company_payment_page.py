from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    payment_link_on_invoices = fields.Boolean(
        string="Payment Link on Invoices",
        default=True,
        help="Prints the address of the payment page and its QR code on invoices and"
        " puts them in their mails, as soon as Stripe is connected.",
    )
    payment_link_save_means = fields.Boolean(
        string="Offer to Save the Means of Payment",
        help="The customer may tick, on our page, that later payments are made with"
        " the same card or account.",
    )
    payment_link_receipt_mail = fields.Boolean(
        string="Receipt by Mail",
        default=True,
        help="Each payment through a link is confirmed to the customer with its"
        " receipt.",
    )
