from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..lib.dunning_facts import Block


class CrmDunningPause(models.Model):
    """A reason not to chase: a pause, a promise to pay, or for good.

    Of one invoice, or of all those of a client. A promise holds until its date: if
    nothing came the reminders go on, where they stand.
    """

    _name = "crm.dunning.pause"
    _description = "Pause of Reminders"
    _inherit = ["mail.thread"]
    _order = "id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        [
            ("pause", "Pause"),
            ("promise", "Promise to pay"),
            ("exclusion", "Never chased"),
        ],
        required=True,
        default="pause",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    reason = fields.Char(required=True, tracking=True)
    date_until = fields.Date(
        string="Until",
        tracking=True,
        help="Last day without reminders, or day promised for the payment.",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(string="Amount Promised")
    is_lifted = fields.Boolean(string="Lifted", tracking=True, copy=False)
    state = fields.Selection(
        [
            ("running", "Running"),
            ("kept", "Kept"),
            ("broken", "Not kept"),
            ("over", "Over"),
        ],
        compute="_compute_state",
    )

    @api.depends("move_id")
    def _compute_partner_id(self):
        for pause in self:
            if pause.move_id:
                pause.partner_id = pause.move_id.commercial_partner_id

    @api.depends("date_until", "is_lifted", "kind", "move_id.amount_residual")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for pause in self:
            is_paid = pause.move_id and not pause.move_id.amount_residual
            is_past = pause.date_until and pause.date_until < today
            if pause.kind == "promise" and is_paid:
                pause.state = "kept"
            elif pause.is_lifted:
                pause.state = "over"
            elif is_past:
                is_broken = pause.kind == "promise" and pause.move_id
                pause.state = "broken" if is_broken else "over"
            else:
                pause.state = "running"

    @api.depends("kind", "date_until")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for pause in self:
            until = fields.Date.to_string(pause.date_until) if pause.date_until else ""
            pause.display_name = f"{kinds[pause.kind]} {until}".strip()

    @api.constrains("kind", "date_until", "move_id", "partner_id")
    def _check_pause(self):
        for pause in self:
            if not pause.partner_id:
                raise ValidationError(
                    self.env._("Say which invoice or which client the pause is for.")
                )
            if pause.kind != "exclusion" and not pause.date_until:
                raise ValidationError(
                    self.env._("Enter the last day of the pause, or of the promise.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        pauses = super().create(vals_list)
        pauses._log_on_documents()
        return pauses

    def write(self, vals):
        result = super().write(vals)
        if {"is_lifted", "date_until"} & vals.keys():
            self._find_moves()._release_dunning()
        return result

    def unlink(self):
        moves = self._find_moves()
        result = super().unlink()
        moves._release_dunning()
        return result

    def _find_moves(self):
        """Open invoices the pauses hold back."""
        whole = self.filtered(lambda pause: not pause.move_id)
        moves = self.move_id
        if whole:
            domain = Domain.OR(
                Domain("commercial_partner_id", "=", pause.partner_id.id)
                & Domain("company_id", "=", pause.company_id.id)
                for pause in whole
            )
            open_invoices = Domain(self.env["crm.dunning.engine"]._get_open_domain())
            # sudo: a pause of a client is for all invoices, seen by its maker or not
            moves |= self.env["account.move"].sudo().search(domain & open_invoices)
        return moves

    def _log_on_documents(self):
        """Write the pause in the history of the invoice or of the client."""
        for thread_name in ("move_id", "partner_id"):
            pauses = self.filtered(
                lambda p, name=thread_name: name == "move_id" or not p.move_id
            ).filtered(thread_name)
            threads = pauses[thread_name].sudo()
            bodies = {
                pause[thread_name].id: self.env._(
                    "Reminders held back: %(pause)s. %(reason)s",
                    pause=pause.display_name,
                    reason=pause.reason,
                )
                for pause in pauses
            }
            if bodies:
                threads._message_log_batch(bodies=bodies)

    def action_lift(self):
        """End the pause now; the reminders go on."""
        self.check_access("write")
        self.is_lifted = True

    def _prepare_block(self):
        """Return the pause as the rules of reminders read it."""
        self.ensure_one()
        return Block(self.kind, self.reason, self.date_until or None)
