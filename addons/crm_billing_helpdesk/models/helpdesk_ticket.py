from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    invoice_ids = fields.Many2many(
        "account.move",
        "crm_helpdesk_ticket_invoice_rel",
        "ticket_id",
        "move_id",
        string="Invoices",
        copy=False,
        domain="[('move_type', '=', 'out_invoice'), ('company_id', '=', company_id)]",
        groups="account.group_account_readonly,account.group_account_invoice,"
        "crm_base.crm_base_group_admin,helpdesk_mgmt.group_helpdesk_user_own",
        help="While the ticket is open, no reminder leaves about these invoices.",
    )

    @api.constrains("invoice_ids", "company_id")
    def _check_invoices(self):
        for ticket in self.sudo():
            for move in ticket.invoice_ids:
                if move.company_id != ticket.company_id:
                    raise ValidationError(
                        self.env._(
                            "%(invoice)s belongs to another company than the ticket.",
                            invoice=move.name,
                        )
                    )

    def write(self, vals):
        """Closing a ticket, or taking an invoice off it, lets the reminders go on."""
        watched = {"stage_id", "invoice_ids", "active"} & vals.keys()
        # sudo: agents need not read invoices to close a ticket
        before = self.sudo()._get_held_invoices() if watched else None
        result = super().write(vals)
        if watched:
            (before - self.sudo()._get_held_invoices())._release_dunning()
        return result

    def unlink(self):
        held = self.sudo()._get_held_invoices()
        result = super().unlink()
        held.exists()._release_dunning()
        return result

    def _get_held_invoices(self):
        """Invoices that these tickets hold back now."""
        return self.filtered(lambda t: t.active and not t.stage_id.closed).invoice_ids
