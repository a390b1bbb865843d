from odoo import api, models
from odoo.exceptions import ValidationError

from ..fields import EncryptedText


class IrDefault(models.Model):
    _inherit = "ir.default"

    @api.constrains("field_id", "json_value")
    def _check_not_encrypted(self):
        """Default values are stored in clear: no secret may be one."""
        for default in self.sudo():  # the model of the field is for administrators
            model = self.env.get(default.field_id.model)
            field = model is not None and model._fields.get(default.field_id.name)
            if isinstance(field, EncryptedText):
                raise ValidationError(
                    self.env._("An encrypted field cannot have a default value.")
                )
