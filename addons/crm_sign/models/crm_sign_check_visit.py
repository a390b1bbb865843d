from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import hmac

WINDOW_MINUTES = 10
# A hash costs nothing, a file costs seconds of work.
LIMITS = {"hash": 60, "file": 12, "reference": 20}
LIMITS_OF_ALL = {"hash": 3000, "file": 150, "reference": 600}


class CrmSignCheckVisit(models.Model):
    """Who used the public check page lately, without saying who: a rate limit."""

    _name = "crm.sign.check.visit"
    _description = "Visit of the Signature Check Page"
    _order = "id desc"
    _log_access = False

    at = fields.Datetime(required=True, readonly=True)
    kind = fields.Selection(
        [("hash", "Hash"), ("file", "File"), ("reference", "Reference")],
        required=True,
        readonly=True,
    )
    visitor = fields.Char(
        required=True,
        readonly=True,
        help="Keyed hash of the address: it cannot be turned back.",
    )

    _kind_visitor_at_idx = models.Index("(kind, visitor, at)")

    @api.model
    def _allow(self, kind, ip):
        """Count a visit; False when there were too many lately.

        :param kind: hash, file or reference
        :param ip: address of the visitor
        """
        # sudo: visitors have no right on this table, and need none
        visits = self.sudo()
        now = fields.Datetime.now()
        visitor = hmac(visits.env, "crm_sign_check_visit", ip or "")
        recent = [
            ("kind", "=", kind),
            ("at", ">", now - timedelta(minutes=WINDOW_MINUTES)),
        ]
        own = visits.search_count(
            [*recent, ("visitor", "=", visitor)], limit=LIMITS[kind]
        )
        if own >= LIMITS[kind]:
            return False
        everybody = visits.search_count(recent, limit=LIMITS_OF_ALL[kind])
        if everybody >= LIMITS_OF_ALL[kind]:
            return False
        visits.create({"at": now, "kind": kind, "visitor": visitor})
        return True

    @api.autovacuum
    def _gc_visits(self):
        """Forget visits after a day."""
        limit = fields.Datetime.now() - timedelta(days=1)
        self.sudo().search([("at", "<", limit)], limit=10_000).unlink()
