import logging
from collections import Counter

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import keyring
from ..fields import EncryptedText
from ..lib.crypto import UnreadableSecret, sealed_fingerprint

_logger = logging.getLogger(__name__)

# System parameter holding a known text sealed by this database's key.
CHECK_PARAMETER = "crm_base.secret_check"
CHECK_TEXT = "crm_base"
# Few, because bodies of exchanges may weigh megabytes.
BATCH_ROWS = 100


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
        try:
            check = self._get_check_value()
            return "wrong" if check and box.decrypt(check) != CHECK_TEXT else "ok"
        except UnreadableSecret:
            return "wrong"

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

    def _remember_key(self, replace=False):
        """Store the check value of this database if there is a key and none yet."""
        box = self._get_box()
        if box is None or (self._get_check_value() and not replace):
            return
        # In SQL because two workers may come here at the same time.
        self.env.cr.execute(
            SQL(
                """INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)
                   ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value WHERE %s""",
                CHECK_PARAMETER,
                box.encrypt(CHECK_TEXT),
                replace,
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

    def _encrypt_column(self, model, field, commit=False):
        """Seal with the current key what is clear or sealed by a former key.

        For data that was there before the field was encrypted, and for rotation.
        Stopped at any point, it is simply run again.

        :param str model: model name
        :param str field: name of one of its stored EncryptedText fields
        :param bool commit: commit after each batch
        :return: Counter of the values ``sealed`` and ``unreadable``
        """
        box = self._check_ready()

        def seal(value):
            return (box.rotate if sealed_fingerprint(value) else box.encrypt)(value)

        counts = self._convert_column(model, field, seal, commit)
        if counts.total():
            _logger.info("Encryption of %s.%s: %s", model, field, dict(counts))
        return counts

    def _decrypt_column(self, model, field):
        """Give a column back to the module that keeps it in clear text.

        For the uninstallation of an addon that had redeclared a field of another.
        What cannot be read is emptied, or that module would use it as it is.
        """
        box = self._get_box()

        def open_or_empty(value):
            try:
                return box.decrypt(value) if box else None
            except UnreadableSecret:
                return None if sealed_fingerprint(value) else value

        self._convert_column(model, field, open_or_empty)

    def _forget_unreadable(self):
        """Empty the secrets that no configured key opens; the current key takes over.

        The way out when a key is lost: the secrets are then entered again.
        """
        box = self._get_box()
        if box is None:
            raise UserError(self._explain())
        kept = {None, *box.fingerprints}
        for model, field in self._encrypted_columns():
            empty = "" if self.env[model]._fields[field].required else None
            self._convert_column(
                model,
                field,
                lambda v, e=empty: v if sealed_fingerprint(v) in kept else e,
            )
        self._remember_key(replace=True)

    def _convert_column(self, model, field, convert, commit=False):
        """Replace the values of a column in batches, unseen by the ORM.

        :param convert: function from the old value to the new one
        """
        records = self.env[model]
        records.flush_model([field])
        names = {
            "table": SQL.identifier(records._table),
            "column": SQL.identifier(field),
        }
        counts, last_id = Counter(), 0
        while rows := self.env.execute_query(
            SQL(
                """SELECT id, %(column)s FROM %(table)s
                   WHERE id > %(last_id)s AND %(column)s <> ''
                   ORDER BY id LIMIT %(limit)s""",
                **names,
                last_id=last_id,
                limit=BATCH_ROWS,
            )
        ):
            last_id = rows[-1][0]
            changes = []
            for row_id, value in rows:
                try:
                    new_value = convert(value)
                except UnreadableSecret:
                    counts["unreadable"] += 1
                else:
                    if new_value != value:
                        changes.append(SQL("(%s, %s)", row_id, new_value))
            counts["sealed"] += len(changes)
            self._write_batch(names, changes)
            if commit:
                # what is done stays done when the rotation is interrupted
                self.env.cr.commit()  # pylint: disable=invalid-commit
        records.invalidate_model([field])
        return counts

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

    def _rotate_all(self, commit=True):
        """Seal every secret of the database with the first configured key.

        Commits after each batch, so that an interrupted rotation is simply run
        again. Former keys may be removed from the configuration once it reports
        nothing unreadable.

        :return: dict with the numbers of values ``sealed`` and ``unreadable``
        """
        totals = Counter(sealed=0, unreadable=0)
        for model, field in self._encrypted_columns():
            totals.update(self._encrypt_column(model, field, commit))
        self._remember_key(replace=True)
        if commit:
            self.env.cr.commit()  # pylint: disable=invalid-commit
        return dict(totals)
