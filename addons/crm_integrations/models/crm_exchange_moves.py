import random

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.crm_base.lib.redaction import redact_text

from ..lib import exchange as rules

# Screens reload what they show; a longer list would only weigh on the bus.
NEWS_MAX_IDS = 100
SUPERVISORS = "crm_base.crm_base_group_automation,crm_base.crm_base_group_admin"


class CrmExchangeMoves(models.AbstractModel):
    """How an exchange changes: by the engine, by a person, and who hears of it."""

    _name = "crm.exchange.moves"
    _description = "Moves of an Exchange"

    # === Moves (engine only) === #

    def _lock(self) -> bool:
        """Take the row for this transaction and read it afresh.

        :return: False when another transaction holds it or it is gone
        """
        self.ensure_one()
        locked = self.try_lock_for_update()
        self.invalidate_recordset()
        return bool(locked)

    def _move(self, event: str, **values):
        """Change the state by the table of `lib/exchange.py`."""
        self.ensure_one()
        state = rules.next_state(self.state, event)
        values = {"lease_until": False, "lease_token": False, **values}
        self.write({"state": state, **values})
        self._notify_changed()

    def _finish(self, event: str, *, code=False, cause=False, **values):
        """Close the exchange: succeed, ignore or give_up."""
        now = fields.Datetime.now()
        self._move(
            event,
            cause_code=code,
            cause=cause and redact_text(cause),
            next_attempt_at=False,
            done_at=now,
            **values,
        )

    def _add_attempt(self, trouble=None, *, status=None, duration_ms=0):
        """Log one attempt; `trouble` is None for a success."""
        self.ensure_one()
        self.env["crm.exchange.attempt"].create(
            {
                "exchange_id": self.id,
                "at": fields.Datetime.now(),
                "http_status": (trouble.status if trouble else status) or 0,
                "duration_ms": duration_ms,
                "cause_code": trouble and trouble.code,
                "cause": trouble and redact_text(trouble.message),
            }
        )

    def _record_trouble(self, trouble: rules.Trouble) -> rules.Decision:
        """Write what a trouble does to this exchange and to its connection."""
        self.ensure_one()
        decision = rules.decide(
            self.direction,
            trouble,
            self.attempt_count,
            now=fields.Datetime.now(),
            rand=random.random(),  # noqa: S311 spreads retries, no secret
        )
        if decision.state == rules.FAILED:
            self._finish(decision.event, code=trouble.code, cause=trouble.message)
        else:
            values = {}
            if decision.event == "hold":
                values["attempt_count"] = max(self.attempt_count - 1, 0)
            self._move(
                decision.event,
                cause_code=trouble.code,
                cause=redact_text(trouble.message),
                next_attempt_at=decision.next_attempt_at,
                **values,
            )
        self.connection_id._note_trouble(self, trouble, decision)
        return decision

    # === Bus === #

    def _notify_changed(self):
        """Tell open screens that these exchanges changed (at commit).

        Supervisors get `crm_integrations.exchange` with the ids; a queue at work
        says it by itself, now and then for many (see `crm.exchange.queue`).
        """
        if self and not self.env.context.get("crm_exchange_quiet"):
            self._notify_supervisors(self.connection_id.ids, self.ids)
        for exchange in self.filtered("res_model"):
            exchange._notify_record()

    def _notify_supervisors(self, connection_ids: list[int], ids: list[int]):
        group = self.env.ref("crm_base.crm_base_group_automation")
        payload = {"connection_ids": connection_ids, "ids": ids[:NEWS_MAX_IDS]}
        group._bus_send("crm_integrations.exchange", payload)

    def _notify_record(self):
        """Tell the person who asked for it: `crm_base.record`."""
        user = self.create_uid
        if user.active and user._is_internal():
            payload = {
                "id": self.id,
                "state": self.state,
                "res_model": self.res_model,
                "res_id": self.res_id,
            }
            user._bus_send("crm_base.record", payload)

    # === Buttons === #

    def _check_supervisor(self):
        """Only admins and automation developers drive exchanges."""
        self.check_access("read")
        if not any(self.env.user.has_group(g) for g in SUPERVISORS.split(",")):
            raise AccessError(
                self.env._("Only CRM admins and automation developers may do this.")
            )

    def _is_in_flight(self) -> bool:
        """Tell whether a sender is calling the partner at this moment."""
        now = fields.Datetime.now()
        return bool(self.lease_until) and not rules.lease_was_lost(
            self.lease_until, now
        )

    def _act(self, event: str, **values):
        """Apply a person's decision to each exchange that allows it."""
        self._check_supervisor()
        # sudo: no role may write exchanges, the buttons are the only way
        exchanges = self.sudo().filtered(
            lambda e: (
                rules.allows(e.state, event)
                and not e._is_in_flight()
                and (event == "ignore" or not e.is_purged)
            )
        )
        if not exchanges:
            raise UserError(
                self.env._("None of the selected exchanges is in a state for this.")
            )
        for exchange in exchanges:
            exchange._move(event, **values)
        return exchanges

    def action_retry(self):
        """Try pending or failed exchanges again, now."""
        exchanges = self._act(
            "retry", next_attempt_at=fields.Datetime.now(), attempt_count=0
        )
        exchanges._wake()

    def action_replay(self):
        """Process again what was received, send again what was sent."""
        exchanges = self._act(
            "replay",
            next_attempt_at=fields.Datetime.now(),
            attempt_count=0,
            done_at=False,
            cause_code=False,
            cause=False,
        )
        exchanges._wake()

    def action_ignore(self):
        """Close exchanges that nobody needs any more."""
        self._act(
            "ignore",
            cause_code="manual",
            cause=self.env._("Ignored by %(user)s.", user=self.env.user.name),
            next_attempt_at=False,
            done_at=fields.Datetime.now(),
        )

    def action_open_record(self):
        """Open the document this exchange is about, with the reader's rights."""
        self.ensure_one()
        record = self.res_model in self.env and self.env[self.res_model].browse(
            self.res_id
        )
        if not record or not record.exists():
            raise UserError(self.env._("The document no longer exists."))
        record.check_access("read")
        return record.get_formview_action()

    def action_show_body(self):
        """Open the full body for an admin; who looked is written down."""
        self.ensure_one()
        return self.env["crm.exchange.body"]._open_for(self)

    def _wake(self):
        for exchange in self:
            exchange.connection_id._wake(exchange.direction)
