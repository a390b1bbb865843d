from odoo import api, fields, models


class CrmSignPerson(models.AbstractModel):
    """Somebody who signs: taken from a contact, or typed."""

    _name = "crm.sign.person"
    _description = "Person who signs"

    partner_id = fields.Many2one("res.partner", string="Contact")
    name = fields.Char(
        compute="_compute_from_partner",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    email = fields.Char(
        compute="_compute_from_partner", store=True, readonly=False, precompute=True
    )
    phone = fields.Char(
        compute="_compute_from_partner", store=True, readonly=False, precompute=True
    )
    order = fields.Integer(
        default=1,
        required=True,
        help="Lower numbers sign first; the same number signs at the same time.",
    )

    @api.depends("partner_id")
    def _compute_from_partner(self):
        for person in self.filtered("partner_id"):
            person.name = person.partner_id.name
            person.email = person.partner_id.email
            person.phone = person.partner_id.phone
