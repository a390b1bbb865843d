import os

from psycopg2 import errors

from odoo import models
from odoo.tools import SQL

LOOPBACK = "127.0.0.1"
# "discard": nothing listens there, so no mail of the demo reaches anybody.
NOWHERE_PORT = 9
LOCK_NAME = "crm_demo.environment"


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_mail(self):
        """Send the mail of the demo nowhere, unless a mail catcher is running."""
        server = self.env["ir.mail_server"].create(
            {
                "name": self.env._("Demo mail (never leaves this machine)"),
                "smtp_host": LOOPBACK,
                "smtp_port": self._get_catcher_port(),
                "smtp_encryption": "none",
                "sequence": 1,
            }
        )
        self._remember("mail_server", ["demo"], server)

    def _get_catcher_port(self) -> int:
        port = os.environ.get("CRM_MAIL_CATCHER_PORT", "")
        return int(port) if port.isdigit() else NOWHERE_PORT

    def _sync_environment(self):
        """Follow the helpers started beside the server since the last start.

        Runs at each start of each worker: reads a row or two, writes a difference only.
        When several workers see the same difference, one writes and the others go on.
        """
        if not (changes := self._get_environment_changes()):
            return
        try:
            with self.env.cr.savepoint():
                if self._is_first_worker():
                    for record, values in changes:
                        record.write(values)
        except errors.SerializationFailure:
            # Another worker has just written the same values.
            self.env.invalidate_all(flush=False)

    def _get_environment_changes(self):
        """Return (record, values to write) pairs; overridden by what has an address."""
        server = self._recall_if_told("mail_server", "demo").sudo()
        port = self._get_catcher_port()
        # An address typed by somebody is left alone.
        if server and server.smtp_host == LOOPBACK and server.smtp_port != port:
            return [(server, {"smtp_port": port})]
        return []

    def _recall_if_told(self, kind, key):
        record = self.env.ref(f"__crm_demo__.{kind}_{key}", raise_if_not_found=False)
        return record or self.browse()

    def _is_first_worker(self):
        query = SQL("SELECT pg_try_advisory_xact_lock(hashtext(%s))", LOCK_NAME)
        [(is_first,)] = self.env.execute_query(query)
        return is_first
