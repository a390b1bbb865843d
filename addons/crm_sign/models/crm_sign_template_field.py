from odoo import fields, models

from .crm_sign_field import MIN_POINTS, TYPES


class CrmSignTemplateField(models.Model):
    _name = "crm.sign.template.field"
    _description = "Field of a Signature Template"
    _order = "template_id, page, y, x, id"

    template_id = fields.Many2one(
        "crm.sign.template", required=True, index=True, ondelete="cascade"
    )
    role_id = fields.Many2one(
        "crm.sign.template.role", required=True, ondelete="cascade"
    )
    type = fields.Selection(TYPES, required=True, default="signature")
    label = fields.Char()
    required = fields.Boolean(default=True)
    page = fields.Integer(required=True, default=1)
    x = fields.Float(required=True, default=0, digits=(10, 2))
    y = fields.Float(required=True, default=0, digits=(10, 2))
    width = fields.Float(required=True, default=160, digits=(10, 2))
    height = fields.Float(required=True, default=50, digits=(10, 2))

    _page_positive = models.Constraint("CHECK(page >= 1)", "Pages start at 1.")
    _has_size = models.Constraint(
        f"CHECK(width >= {MIN_POINTS} AND height >= {MIN_POINTS}"
        " AND x >= 0 AND y >= 0)",
        "A field needs a place on the page and some size.",
    )

    def _prepare_place(self):
        """Return what and where this field is, for a request."""
        names = ("type", "label", "required", "page", "x", "y", "width", "height")
        return {name: self[name] for name in names}
