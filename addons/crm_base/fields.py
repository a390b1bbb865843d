"""Field type for secrets: encrypted in the database, masked outside the server.

The cache and the column hold sealed text (see ``lib/crypto.py``). Only attribute
access on a record in Python gives the plain text; what leaves the server (reads,
exports, forms, onchanges, remote calls) is a fixed mask.
"""

from __future__ import annotations

from odoo import fields
from odoo.exceptions import UserError
from odoo.orm.fields_textual import BaseString

from .lib.crypto import UnreadableSecret

MASK = "********"

# Attributes that would carry the plain text somewhere or make no sense on it.
_UNSUPPORTED = ("company_dependent", "compute", "index", "size", "tracking")
_UNSUPPORTED += ("translate", "trim")


class Ciphertext(str):
    """A sealed value in the cache, not to be taken for a text to seal."""


class SealedText(str):
    """The mask for whoever looks at it, the sealed value for the ORM.

    This is how a secret travels in the ORM's ``write`` format: printed, logged or
    serialized it is the mask, and it finds its way back to the column.
    """

    ciphertext: str

    def __new__(cls, ciphertext: str) -> SealedText:
        self = super().__new__(cls, MASK)
        self.ciphertext = ciphertext
        return self


def is_mask(value) -> bool:
    """Tell whether ``value`` is the mask coming back from a screen."""
    return (
        isinstance(value, str) and not isinstance(value, SealedText) and value == MASK
    )


class EncryptedText(fields.Text):
    """Text encrypted at rest and write-only for everybody outside the server.

    - ``record.field`` gives the plain text, or False when the key is missing or
      wrong; field ``groups`` apply as usual.
    - ``read`` and every other outward road give ``"********"`` when something is
      stored, False otherwise.
    - Writing the mask changes nothing, writing an empty value clears.
    - Not searchable (but for set or not set), not groupable, not sortable, not
      exportable, never copied, tracked or translated.
    - May redeclare a Char or Text field of another module: label, help, groups and
      module attributes (``required_if_provider``) are kept, the column is converted
      and clear values found in it are encrypted.
    """

    copy = False
    exportable = False
    falsy_value = None  # empty text is stored as NULL

    _description_searchable = False

    def _description_sortable(self, env):
        return False

    def _description_groupable(self, env):
        return False

    def __init__(self, *args, **kwargs):
        for name in _UNSUPPORTED:
            if kwargs.get(name):
                raise TypeError(f"EncryptedText does not support {name}")
        super().__init__(*args, **kwargs)

    def _get_attrs(self, model_class, name):
        # The ORM forgets the attributes of a field redeclared with another type;
        # a secret that was a Char keeps what its first module said about it.
        attrs = super()._get_attrs(model_class, name)
        inherited, modules = {}, []
        for field in self._args__.get("_base_fields__", ()):
            if isinstance(field, BaseString):
                inherited.update(field._args__)
                modules.append(field._module)
        for key in _UNSUPPORTED:
            inherited.pop(key, None)
        attrs = {**inherited, **attrs, "copy": False, "exportable": False}
        attrs["_modules"] = tuple(
            dict.fromkeys(m for m in (*modules, *attrs["_modules"]) if m)
        )
        return attrs

    # === Inward: plain text becomes sealed text === #

    def _seal(self, value, record) -> Ciphertext | None:
        """Return the sealed form of a value in any format but the mask."""
        if isinstance(value, SealedText):
            return Ciphertext(value.ciphertext)
        if not value or isinstance(value, Ciphertext):
            return value or None
        text = value.decode() if isinstance(value, bytes) else str(value)
        return Ciphertext(record.env["crm.secret"]._check_ready().encrypt(text))

    def _kept(self, record) -> Ciphertext | None:
        """Return the sealed value that writing the mask keeps."""
        if self.related and not self.store:
            source = record.sudo() if self.compute_sudo else record
            target, field = self.traverse_related(source)
            return field._kept(target)
        return self._cached(record)

    def _cached(self, record) -> Ciphertext | None:
        if not record:
            return None
        self.__get__(record)  # checks access, fetches or computes
        return self._get_cache(record.env).get(record.id)

    def _insert_cache(self, records, values):
        return super()._insert_cache(records, [v and Ciphertext(v) for v in values])

    def convert_to_cache(self, value, record, validate=True):
        if is_mask(value):
            # only one existing record has something to keep
            return self._kept(record._origin if len(record) == 1 else record.browse())
        return self._seal(value, record)

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if is_mask(value) else self._seal(value, record)

    def convert_to_column_insert(self, value, record, values=None, validate=True):
        if is_mask(value):
            # the form of a new record sends back the mask of the default value
            value = self.default(record) if self.default else None
        ciphertext = self._seal(value, record)
        if values is not None and self.name in values:
            # what the ORM puts in cache after the INSERT is what was inserted
            values[self.name] = ciphertext or False
        return ciphertext

    def get_column_update(self, record):
        return record.env.transaction.field_data[self][record.id]

    def convert_to_write(self, value, record):
        if is_mask(value):
            return value
        ciphertext = self._seal(value, record)
        return SealedText(ciphertext) if ciphertext else False

    def write(self, records, value):
        if not is_mask(value):
            return super().write(records, value)
        if self.inverse and not self.store:
            # the inverse method must find in cache what it shall keep
            for record in records:
                self._update_cache(record, self._kept(record))
        return None

    # === Outward: plain text in Python, a mask everywhere else === #

    def convert_to_record(self, value, record):
        if not value:
            return False
        box = record.env["crm.secret"]._get_box()
        if box is None:
            return False
        try:
            return box.decrypt(value)
        except UnreadableSecret:
            return False

    def _masked(self, value, record):
        if not value and len(record) == 1:
            # an unreadable secret is still a stored secret
            value = self._get_cache(record.env).get(record.id)
        return MASK if value else False

    def convert_to_read(self, value, record, use_display_name=True):
        return self._masked(value, record)

    def convert_to_export(self, value, record):
        return self._masked(value, record) or ""

    def convert_to_display_name(self, value, record):
        return self._masked(value, record)

    # === Related fields carry the sealed value, whatever the key === #

    def _compute_related(self, records):
        for record in records:
            target, field = self.traverse_related(record)
            record[self.name] = field._cached(target)

    def _inverse_related(self, records):
        cached = {record: self._cached(record) for record in records}
        for record, ciphertext in cached.items():
            target, field = self.traverse_related(record)
            is_same_kind = target and bool(target.id) == bool(record.id)
            if is_same_kind and field._cached(target) != ciphertext:
                target[field.name] = ciphertext

    # === Database === #

    def condition_to_sql(self, field_expr, operator, value, model, alias, query):
        is_presence_test = operator in ("in", "not in") and not any(value)
        if not is_presence_test:
            raise UserError(
                model.env._(
                    "The field %(field)s is encrypted: it can only be searched for"
                    " being set or not.",
                    field=self._description_string(model.env),
                )
            )
        return super().condition_to_sql(
            field_expr, operator, value, model, alias, query
        )

    def update_db_column(self, model, column):
        if column:
            model.pool.post_init(self._encrypt_clear_values, model)
        return super().update_db_column(model, column)

    def _encrypt_clear_values(self, model):
        secrets = model.env["crm.secret"]
        if secrets._status() == "ok":
            secrets._encrypt_column(model._name, self.name)
