from odoo import api, fields, models
from odoo.exceptions import ValidationError

TYPES = [
    ("signature", "Signature"),
    ("initials", "Initials"),
    ("date", "Date of signature"),
    ("text", "Text"),
    ("checkbox", "Box to tick"),
]
MIN_POINTS = 6


class CrmSignField(models.Model):
    """A place on a page for one signer, in points from the top left corner."""

    _name = "crm.sign.field"
    _description = "Field to Sign"
    _inherit = ["crm.sign.guard"]
    _order = "document_id, page, y, x, id"

    _engine_fields = ("value",)

    request_id = fields.Many2one(
        "crm.sign.request",
        compute="_compute_request_id",
        precompute=True,
        store=True,
        readonly=False,
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="request_id.company_id", store=True)
    document_id = fields.Many2one(
        "crm.sign.document", required=True, index=True, ondelete="cascade"
    )
    signer_id = fields.Many2one("crm.sign.signer", index=True, ondelete="set null")
    type = fields.Selection(TYPES, required=True, default="signature")
    label = fields.Char()
    required = fields.Boolean(default=True)
    page = fields.Integer(required=True, default=1)
    x = fields.Float(required=True, default=0, digits=(10, 2))
    y = fields.Float(required=True, default=0, digits=(10, 2))
    width = fields.Float(required=True, default=160, digits=(10, 2))
    height = fields.Float(required=True, default=50, digits=(10, 2))
    value = fields.Text(readonly=True)
    source = fields.Selection(
        [("anchor", "Text of the file"), ("hand", "By hand"), ("template", "Template")],
        required=True,
        default="hand",
    )
    anchor_rank = fields.Integer(
        readonly=True, help="Number of the signer in the text of the file."
    )

    _page_positive = models.Constraint("CHECK(page >= 1)", "Pages start at 1.")
    _has_size = models.Constraint(
        f"CHECK(width >= {MIN_POINTS} AND height >= {MIN_POINTS}"
        " AND x >= 0 AND y >= 0)",
        "A field needs a place on the page and some size.",
    )

    @api.depends("document_id")
    def _compute_request_id(self):
        for field in self:
            field.request_id = field.document_id.request_id

    @api.constrains("request_id", "document_id", "signer_id")
    def _check_same_request(self):
        for field in self:
            owner = field.request_id
            stray = field.signer_id and field.signer_id.request_id != owner
            if stray or field.document_id.request_id != owner:
                raise ValidationError(
                    self.env._("A field belongs to one request, as its signer does.")
                )

    def _is_outside(self) -> bool:
        """Tell whether the field is not entirely on its page."""
        self.ensure_one()
        sizes = self.document_id._get_page_sizes()
        if self.page > len(sizes):
            return True
        width, height = sizes[self.page - 1]
        # half a point: browsers round
        return self.x + self.width > width + 0.5 or self.y + self.height > height + 0.5

    def _prepare_box(self) -> dict:
        """Return where the field is: page, and rectangle in points."""
        self.ensure_one()
        return {name: self[name] for name in ("page", "x", "y", "width", "height")}

    def _get_label(self) -> str:
        """Return the name of the field for people."""
        self.ensure_one()
        names = dict(self._fields["type"]._description_selection(self.env))
        return self.label or names[self.type]
