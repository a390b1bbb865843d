from odoo import api, fields, models

from odoo.addons.crm_billing.lib.dunning_facts import Block


class AccountMove(models.Model):
    _inherit = "account.move"

    ticket_ids = fields.Many2many(
        "helpdesk.ticket",
        "crm_helpdesk_ticket_invoice_rel",
        "move_id",
        "ticket_id",
        string="Tickets",
        copy=False,
    )
    open_ticket_count = fields.Integer(
        string="Open Tickets", compute="_compute_open_ticket_count"
    )

    def _compute_open_ticket_count(self):
        counts = {
            move_id: len(tickets) for move_id, tickets in self._find_open_tickets()
        }
        for move in self:
            move.open_ticket_count = counts.get(move.id, 0)

    def _find_open_tickets(self):
        """Return (invoice id, open tickets) pairs, in two queries."""
        # sudo: an open ticket counts whoever may read it
        tickets = (
            self.env["helpdesk.ticket"]
            .sudo()
            .search(
                [("invoice_ids", "in", self.ids), ("stage_id.closed", "=", False)],
                order="id",
            )
        )
        return [
            (move.id, found)
            for move in self
            if (found := tickets.filtered(lambda t, m=move: m in t.invoice_ids))
        ]

    def _get_dunning_blocks(self):
        """An invoice with an open ticket is not chased until the answer is given."""
        blocks = super()._get_dunning_blocks()
        for move_id, tickets in self._find_open_tickets():
            for ticket in tickets:
                reason = self.env._(
                    "Ticket %(number)s is open: %(name)s",
                    number=ticket.number,
                    name=ticket.name,
                )
                blocks[move_id].append(Block("ticket", reason))
        return blocks

    def action_open_ticket(self):
        """Open a ticket about the invoice; its reminders wait."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ticket about %s", self.name),
            "res_model": "helpdesk.ticket",
            "view_mode": "form",
            "target": "current",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_partner_name": self.partner_id.name,
                "default_partner_email": self.partner_id.email,
                "default_company_id": self.company_id.id,
                "default_invoice_ids": self.ids,
                "default_name": self.name,
            },
        }

    def action_view_tickets(self):
        """Open the tickets about the invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        return {
            **action,
            "domain": [("invoice_ids", "in", self.ids)],
            "context": {"default_invoice_ids": self.ids},
        }

    @api.model
    def _find_for_ticket(self, text):
        """Return the invoice of an id typed in an address, if the visitor reads it."""
        if not (text or "").isdigit() or len(text) > 10 or not self.has_access("read"):
            return self.browse()
        return self.search([("id", "=", int(text)), ("move_type", "=", "out_invoice")])
