from odoo import api, models
from odoo.exceptions import UserError


class CrmSignGuard(models.AbstractModel):
    """Keeps people away from what only the engine writes.

    The engine works as superuser, people never do: whoever is not, writes only what
    the model lets him write, and of what was sent nothing but a few fields.
    """

    _name = "crm.sign.guard"
    _description = "Guard of what was sent"

    # Fields that only the engine writes; an addon that extends a model names its own,
    # those of the others stay.
    _engine_fields: tuple[str, ...] = ()
    # Fields people may still write once the request is out.
    _open_fields: tuple[str, ...] = ()

    def _get_sign_requests(self):
        """Return the requests these records belong to."""
        return self.request_id

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            engine_fields = self._collect("_engine_fields")
            for vals in vals_list:
                for name in engine_fields & vals.keys():
                    del vals[name]
        records = super().create(vals_list)
        if not self.env.su:
            records._check_still_draft()
        return records

    def write(self, vals):
        if not self.env.su:
            self._check_engine_fields(vals)
            if set(vals) - self._collect("_open_fields") - self._get_free_fields():
                self._check_still_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        self._check_still_draft()

    @api.model
    def _collect(self, attribute):
        """Return the names that each class of a model lists in an attribute."""
        return {
            name
            for part in type(self).__mro__
            for name in vars(part).get(attribute, ())
        }

    def _check_engine_fields(self, vals):
        touched = sorted(self._collect("_engine_fields") & vals.keys())
        if touched:
            raise UserError(
                self.env._(
                    "%(field)s is written by the signature itself, nobody types it.",
                    field=self._fields[touched[0]]._description_string(self.env),
                )
            )

    def _check_still_draft(self):
        if any(request.state != "draft" for request in self._get_sign_requests()):
            raise UserError(
                self.env._(
                    "This request was already sent: what people sign cannot be"
                    " changed any more. Cancel it and send a new one."
                )
            )

    @api.model
    def _get_free_fields(self):
        """Return the fields of the chatter and of activities, never frozen."""
        if "message_ids" not in self._fields:
            return set()
        prefixes = ("message_", "activity_", "my_activity_", "website_message_")
        return {name for name in self._fields if name.startswith(prefixes)}
