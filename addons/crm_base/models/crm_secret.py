import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, sql

from .. import keyring
from ..fields import EncryptedText
from ..lib.crypto import PREFIX, UnreadableSecret, is_sealed, sealed_fingerprint

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
                fingerprint=ring.box.current_fingerprint,
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
            if model_class._abstract or not model_class._auto:
                continue
            for name, field in model_class._fields.items():
                if isinstance(field, EncryptedText) and field.store:
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
        records = self.env[model]
        records.flush_model([field])
        counts = {"sealed": 0, "unreadable": 0}
        last_id = 0
        while rows := self._pending_rows(records, field, box, last_id, batch_size):
            last_id = rows[-1][0]
            changes = []
            for row_id, value in rows:
                try:
                    changes.append(
                        (
                            row_id,
                            box.rotate(value)
                            if is_sealed(value)
                            else box.encrypt(value),
                        )
                    )
                except UnreadableSecret:
                    counts["unreadable"] += 1
            self._update_rows(records, field, changes)
            counts["sealed"] += len(changes)
            if commit:
                self.env.cr.commit()
        records.invalidate_model([field])
        if any(counts.values()):
            _logger.info("Encryption of %s.%s: %s", model, field, counts)
        return counts

    def _pending_rows(self, records, field, box, last_id, limit):
        column = SQL.identifier(field)
        return self.env.execute_query(
            SQL(
                """SELECT id, %(column)s FROM %(table)s
                   WHERE id > %(last_id)s AND %(column)s <> ''
                     AND NOT starts_with(%(column)s, %(done)s)
                   ORDER BY id LIMIT %(limit)s FOR UPDATE""",
                column=column,
                table=SQL.identifier(records._table),
                last_id=last_id,
                done=box.current_prefix,
                limit=limit,
            )
        )

    def _update_rows(self, records, field, changes):
        if not changes:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s AS target SET %(column)s = new.value
                   FROM (VALUES %(values)s) AS new(id, value)
                   WHERE target.id = new.id""",
                table=SQL.identifier(records._table),
                column=SQL.identifier(field),
                values=SQL(", ").join(SQL("(%s, %s)", i, v) for i, v in changes),
            )
        )

    def _decrypt_column(self, model, field):
        """Give a column back to the module that keeps it in clear text.

        For the uninstallation of an addon that had redeclared a field of another.
        Unreadable values are left as they are.
        """
        box = self._check_ready()
        records = self.env[model]
        records.flush_model([field])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %(column)s FROM %(table)s"
                " WHERE starts_with(%(column)s, %(prefix)s)",
                column=SQL.identifier(field),
                table=SQL.identifier(records._table),
                prefix=PREFIX,
            )
        )
        changes = []
        for row_id, value in rows:
            try:
                changes.append((row_id, box.decrypt(value)))
            except UnreadableSecret:
                _logger.info("%s.%s of %s stays unreadable", model, field, row_id)
        self._update_rows(records, field, changes)
        records.invalidate_model([field])

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

    def _count_clear_values(self):
        """Return how many values of encrypted columns are still clear text."""
        total = 0
        for model, field in self._encrypted_columns():
            table = self.env[model]._table
            if not sql.column_exists(self.env.cr, table, field):
                continue
            [(count,)] = self.env.execute_query(
                SQL(
                    "SELECT count(*) FROM %(table)s WHERE %(column)s <> ''"
                    " AND NOT starts_with(%(column)s, %(prefix)s)",
                    table=SQL.identifier(table),
                    column=SQL.identifier(field),
                    prefix=PREFIX,
                )
            )
            total += count
        return total
