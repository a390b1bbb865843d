from odoo import models
from odoo.exceptions import UserError

from ..fields import EncryptedText


class Base(models.AbstractModel):
    _inherit = "base"

    def _read_group_groupby(self, alias, groupby_spec, query):
        self._check_not_encrypted(groupby_spec)
        return super()._read_group_groupby(alias, groupby_spec, query)

    def _read_group_select(self, aggregate_spec, query):
        self._check_not_encrypted(aggregate_spec)
        return super()._read_group_select(aggregate_spec, query)

    def _check_not_encrypted(self, spec: str) -> None:
        """Refuse to group or aggregate encrypted columns: nothing to learn there."""
        field = self._fields.get(spec.split(":", 1)[0].split(".", 1)[0])
        if isinstance(field, EncryptedText):
            raise UserError(
                self.env._(
                    "The field %(field)s is encrypted: it cannot be grouped"
                    " or aggregated.",
                    field=field._description_string(self.env),
                )
            )
