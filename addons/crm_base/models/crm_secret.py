import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import keyring
from ..fields import EncryptedText
from ..lib.crypto import PREFIX, UnreadableSecret, sealed_fingerprint

_logger = logging.getLogger(__name__)

# System parameter holding a known text sealed by this database's key.
CHECK_PARAMETER = "crm_base.secret_check"
CHECK_TEXT = "crm_base"


class CrmSecret(models.AbstractModel):
    """The key ring seen from a database: is it the right one, what does it protect.

    A database is ``missing`` its key until one is configured, ``ok`` while the
    configured keys open its check value, ``wrong`` otherwise. The check value is
    stored the first time something is encrypted, sealed again by a rotation, and
    deleted when the database is neutralized.
    """

    _name = "crm.secret"
    _description = "Encryption of Secrets"

    # === State === #

    def _get_box(self):
        """Return the box of the configured keys, or None without usable key."""
        return keyring.load().box

    def _status(self):
        """Return ``ok``, ``missing`` or ``wrong``."""
        box = self._get_box()
        if box is None:
            return "missing"
        check = self._get_check_value()
        return "wrong" if check and not self._opens(box, check) else "ok"

    def _check_ready(self):
        """Return the box that encrypts, remembering its key for this database.

        :raise UserError: key missing or wrong; the message names the remedy
        """
        status = self._status()
        if status != "ok":
            raise UserError(self._explain(status))
        self._remember_key()
        return self._get_box()

    def _explain(self, status=None):
        """Return the state of the encryption and its remedy as a sentence."""
        status = status or self._status()
        ring = keyring.load()
        if status == "ok":
            return self.env._(
                "Secrets are encrypted with key %(fingerprint)s.",
                fingerprint=ring.box.fingerprints[0],
            )
        if status == "wrong":
            return self.env._(
                "Wrong encryption key: the secrets of this database were encrypted"
                " with key %(expected)s and the server has key %(configured)s."
                " Add the former key after the new one, separated by a comma,"
                " in %(place)s.",
                expected=sealed_fingerprint(self._get_check_value()) or "?",
                configured=", ".join(ring.box.fingerprints),
                place=ring.source,
            )
        if ring.problem == "missing":
            return self.env._(
                "Encryption key missing: secrets can be neither stored nor used."
                " Set the environment variable CRM_SECRET_KEY_FILE of the server to"
                " the path of the key file, then restart the server."
            )
        return self.env._(
            "The encryption key in %(place)s cannot be used: the server must be able"
            " to read it and it must be a Fernet key (44 characters).",
            place=ring.source,
        )

    def _get_check_value(self):
        # sudo: system parameters are readable by administrators only
        return self.env["ir.config_parameter"].sudo().get_param(CHECK_PARAMETER)

    def _opens(self, box, sealed):
        try:
            return box.decrypt(sealed) == CHECK_TEXT
        except UnreadableSecret:
            return False

    def _remember_key(self, replace=False):
        """Store the check value of this database if there is a key and none yet."""
        box = self._get_box()
        if box is None or (self._get_check_value() and not replace):
            return
        # In SQL because two workers may come here at the same time.
        self.env.cr.execute(
            SQL(
                """INSERT INTO ir_config_parameter
                       (key, value, create_uid, create_date, write_uid, write_date)
                   VALUES (%(key)s, %(value)s, %(uid)s, now() AT TIME ZONE 'UTC',
                           %(uid)s, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value
                   WHERE %(replace)s""",
                key=CHECK_PARAMETER,
                value=box.encrypt(CHECK_TEXT),
                uid=self.env.uid,
                replace=replace,
            )
        )
        self.env["ir.config_parameter"].invalidate_model()
        self.env.registry.clear_cache("stable")

    # === Columns === #

    def _encrypted_columns(self):
        """Return the (model name, field name) pairs of all encrypted columns."""
        columns = {}
        for model_name, model_class in self.env.registry.items():
            for name, field in model_class._fields.items():
                is_column = field.store and model_class._auto
                if isinstance(field, EncryptedText) and is_column:
                    columns.setdefault((model_class._table, name), model_name)
        return sorted((model, name) for (_table, name), model in columns.items())

    def _encrypt_column(self, model, field, batch_size=500, commit=False):
        """Seal with the current key what is clear or sealed by a former key.

        Meant for data that was there before the field was encrypted, and for
        rotation. Stopped at any point, it continues where it was: done values are
        recognised by their prefix.

        :param str model: model name
        :param str field: name of one of its stored EncryptedText fields
        :param int batch_size: rows per UPDATE
        :param bool commit: commit after each batch
        :return: dict with the numbers of values ``sealed`` and ``unreadable``
        """
        box = self._check_ready()
        todo = SQL(
            "%(column)s <> '' AND NOT starts_with(%(column)s, %(done)s)",
            column=SQL.identifier(field),
            done=box.current_prefix,
        )

        def seal(value):
            return (box.rotate if sealed_fingerprint(value) else box.encrypt)(value)

        done, unreadable = self._convert_column(
            model, field, todo, seal, batch_size, commit
        )
        if done or unreadable:
            _logger.info(
                "%s.%s: %d values sealed, %d unreadable", model, field, done, unreadable
            )
        return {"sealed": done, "unreadable": unreadable}

    def _forget_unreadable(self):
        """Empty the secrets that no configured key opens; the current key takes over.

        The way out when a key is lost: the secrets are then entered again.
        """
        box = self._get_box()
        if box is None:
            raise UserError(self._explain())
        known = [f"{PREFIX}{name}:%" for name in box.fingerprints]
        for model, field in self._encrypted_columns():
            records = self.env[model]
            records.flush_model([field])
            self.env.cr.execute(
                SQL(
                    """UPDATE %(table)s SET %(column)s = %(empty)s
                       WHERE starts_with(%(column)s, %(prefix)s)
                         AND NOT %(column)s LIKE ANY(%(known)s)""",
                    table=SQL.identifier(records._table),
                    column=SQL.identifier(field),
                    empty="" if records._fields[field].required else None,
                    prefix=PREFIX,
                    known=known,
                )
            )
            records.invalidate_model([field])
        self._remember_key(replace=True)

    def _decrypt_column(self, model, field, batch_size=500):
        """Give a column back to the module that keeps it in clear text.

        For the uninstallation of an addon that had redeclared a field of another.
        Unreadable values are left as they are; so are all without the right key.
        """
        if self._status() != "ok":
            return
        todo = SQL("starts_with(%s, %s)", SQL.identifier(field), PREFIX)
        decrypt = self._get_box().decrypt
        self._convert_column(model, field, todo, decrypt, batch_size, False)

    def _convert_column(self, model, field, condition, convert, batch_size, commit):
        """Replace the values of a column, row by row in batches, unseen by the ORM."""
        records = self.env[model]
        records.flush_model([field])
        names = {
            "table": SQL.identifier(records._table),
            "column": SQL.identifier(field),
        }
        done = unreadable = last_id = 0
        while rows := self.env.execute_query(
            SQL(
                """SELECT id, %(column)s FROM %(table)s
                   WHERE id > %(last_id)s AND %(condition)s
                   ORDER BY id LIMIT %(limit)s FOR UPDATE""",
                **names,
                last_id=last_id,
                condition=condition,
                limit=batch_size,
            )
        ):
            last_id = rows[-1][0]
            changes = []
            for row_id, value in rows:
                try:
                    changes.append(SQL("(%s, %s)", row_id, convert(value)))
                except UnreadableSecret:
                    unreadable += 1
            self._write_batch(names, changes)
            done += len(changes)
            if commit:
                self.env.cr.commit()
        records.invalidate_model([field])
        return done, unreadable

    def _write_batch(self, names, changes):
        if changes:
            self.env.cr.execute(
                SQL(
                    """UPDATE %(table)s AS target SET %(column)s = new.value
                       FROM (VALUES %(changes)s) AS new(id, value)
                       WHERE target.id = new.id""",
                    **names,
                    changes=SQL(", ").join(changes),
                )
            )

    def _rotate_all(self, batch_size=500, commit=True):
        """Seal every secret of the database with the first configured key.

        Commits after each batch, so that an interrupted rotation is simply run
        again. Former keys may be removed from the configuration once it reports
        nothing unreadable.

        :return: dict with the numbers of values ``sealed`` and ``unreadable``
        """
        totals = {"sealed": 0, "unreadable": 0}
        for model, field in self._encrypted_columns():
            counts = self._encrypt_column(model, field, batch_size, commit)
            totals = {key: totals[key] + counts[key] for key in totals}
        self._remember_key(replace=True)
        if commit:
            self.env.cr.commit()
        return totals
