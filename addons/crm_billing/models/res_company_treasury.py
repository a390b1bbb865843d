from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    treasury_opening_date = fields.Date(
        string="Bank Balance Known On",
        help="Empty: the balance of the bank and cash accounts in the books.",
    )
    treasury_opening_balance = fields.Monetary(
        string="Bank Balance That Day",
        help="Of all banks at the end of that day; later movements are added.",
    )
