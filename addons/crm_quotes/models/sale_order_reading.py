import hashlib

from odoo import SUPERUSER_ID, api, fields, models

from ..lib.readers import find_version_to_compare, is_person


class SaleOrder(models.Model):
    _inherit = "sale.order"

    quote_event_ids = fields.One2many(
        "crm.quote.event", "order_id", string="Follow-up", copy=False
    )
    quote_opened_count = fields.Integer(
        string="Times Opened",
        compute="_compute_quote_opened",
        search="_search_quote_opened_count",
        help="Visits of the client to the quotation's page.",
    )
    quote_last_opened_at = fields.Datetime(
        string="Last Opened", compute="_compute_quote_opened"
    )

    @api.depends("quote_event_ids")
    def _compute_quote_opened(self):
        # sudo: counted for whoever may read the quotation
        rows = (
            self.env["crm.quote.event"]
            .sudo()
            ._read_group(
                [("order_id", "in", self.ids), ("kind", "=", "opened")],
                ["order_id"],
                ["session_key:count_distinct", "at:max"],
            )
        )
        found = {order.id: (count, last) for order, count, last in rows}
        for order in self:
            count, last = found.get(order._origin.id or order.id, (0, False))
            order.quote_opened_count = count
            order.quote_last_opened_at = last

    def _search_quote_opened_count(self, operator, value):
        """Only opened or never opened: what filters ask."""
        if (operator, value) not in ((">", 0), ("=", 0)):
            return NotImplemented
        # sudo: as above
        query = self.env["crm.quote.event"].sudo()._search([("kind", "=", "opened")])
        kept = "in" if operator == ">" else "not in"
        return [("id", kept, query.subselect("order_id"))]

    # What the client's page shows and tells

    def _prepare_quote_news(self, partner, session_key):
        """Return what changed since this reader's last version, None without news.

        :param partner: who reads: the contact of the session or of the link
        :param str session_key: of the visit
        """
        self.ensure_one()
        # sudo: readings of the quotation that is being shown
        order = self.sudo()
        if order.state not in ("draft", "sent") or not order.quote_number:
            return None
        readings = order.quote_event_ids.filtered(
            lambda event: event.kind == "opened" and event.partner_id == partner
        ).sorted(lambda event: (event.at, event.id))
        last = order._get_last_quote_version()
        current = last.number if order._is_version_current(last) else 0
        since = find_version_to_compare(
            [(event.version_id.number, event.session_key) for event in readings],
            current,
            self._hash_session(session_key),
        )
        if not since:
            return None
        comparison = self.env["crm.quote.comparison"]
        view = comparison.sudo()._prepare_view(order, since, current)
        if not view["count"] and not view["moved"]:
            return None
        # Who of us edited what, hour by hour, is none of the client's business.
        for said in [*view["rows"], *view["terms"]]:
            said.update(who="", when="")
            for change in said.get("changes", ()):
                change.update(who="", when="")
        return view

    def _note_quote_opened(self, partner, session_key, user_agent, fingerprint=None):
        """Count one visit of the client to the page; once per visit.

        The caller makes sure that the reader is none of ours.

        :param partner: who reads
        :param str fingerprint: of what the page showed
        :return: the event, empty when it was no person or was already counted
        """
        self.ensure_one()
        # sudo: readers have no right on the follow-up
        order, events = self.sudo(), self.env["crm.quote.event"].sudo()
        if not is_person(user_agent):
            return events
        if order.state not in ("draft", "sent", "sale"):
            return events
        version = order._find_read_version(fingerprint)
        key = self._hash_session(session_key)
        visits = order.quote_event_ids.filtered(
            lambda event: event.kind == "opened" and event.session_key == key
        )
        if version in visits.version_id or (visits and not version):
            return events
        event = order._log_quote_event(
            "opened", version=version, partner=partner, session_key=key
        )
        if not visits:
            order._announce_quote_opened(event)
        return event

    def _find_read_version(self, fingerprint):
        """Return the version that was on the page; what was not kept yet is kept."""
        self.ensure_one()
        shown = fingerprint or self._get_quote_fingerprint()
        kept = self.quote_version_ids.filtered(lambda v: v.fingerprint == shown)
        if kept:
            return kept.sorted("number")[-1]
        if self.state == "sale" or shown != self._get_quote_fingerprint():
            return self.env["crm.quote.version"]
        return self._keep_quote_version("opened")

    def _announce_quote_opened(self, event):
        visits = self.quote_event_ids.filtered(lambda e: e.kind == "opened")
        payload = {
            "order_id": self.id,
            "name": self.name,
            "partner_id": self.partner_id.id,
            "partner": self.partner_id.name,
            "reader": event.who,
            "version": event.version_id.number or 0,
            "count": len(set(visits.mapped("session_key"))),
            "at": self._iso(event.at),
        }
        self.env["crm.hook"]._emit_event("quote.opened", self, payload)

    def _log_quote_event(self, kind, version=None, partner=None, session_key=None):
        """Add one line to the follow-up."""
        self.ensure_one()
        user = self.env.user
        partner = partner or (
            self.partner_id if self._is_client_acting() else user.partner_id
        )
        # sudo: the follow-up is written by the quotation alone
        return (
            self.env["crm.quote.event"]
            .sudo()
            .create(
                {
                    "order_id": self.id,
                    "kind": kind,
                    "version_id": version.id if version else False,
                    "at": self._get_quote_now(),
                    "user_id": user.id,
                    "partner_id": partner.id,
                    "who": partner.display_name,
                    "session_key": session_key,
                }
            )
        )

    @api.model
    def _is_client_acting(self):
        """Tell whether the client acts himself: his page runs as the system user."""
        return self.env.uid == SUPERUSER_ID or self.env.user._is_public()

    @api.model
    def _hash_session(self, session_key):
        """Return what is kept of a visit's key."""
        return hashlib.sha256((session_key or "").encode()).hexdigest()
