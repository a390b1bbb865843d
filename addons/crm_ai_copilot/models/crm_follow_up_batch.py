from odoo import api, fields, models
from odoo.exceptions import UserError

from .crm_follow_up_line import OPEN_STATES


class CrmFollowUpBatch(models.Model):
    """Follow-ups of several deals, each read by a person before it leaves.

    *Preparing* while drafts are written, then *to review*; one click sends what the
    person kept, once, whoever clicks again.
    """

    _name = "crm.follow.up.batch"
    _description = "Batch of Follow-ups"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Sender",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    analysis_id = fields.Many2one(
        "crm.pipeline.analysis", ondelete="set null", readonly=True
    )
    line_ids = fields.One2many("crm.follow.up.line", "batch_id")
    state = fields.Selection(
        [
            ("review", "To Review"),
            ("sent", "Sent"),
            ("cancelled", "Cancelled"),
        ],
        default="review",
        required=True,
        readonly=True,
    )
    sent_at = fields.Datetime(readonly=True)
    waiting_count = fields.Integer(compute="_compute_counts", string="Being written")
    ready_count = fields.Integer(compute="_compute_counts", string="Ready")
    refused_count = fields.Integer(compute="_compute_counts", string="Refused")
    sent_count = fields.Integer(compute="_compute_counts", string="Sent Mails")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for batch in self:
            states = batch.line_ids.mapped("state")
            batch.waiting_count = states.count("waiting")
            batch.ready_count = states.count("ready")
            batch.refused_count = states.count("refused")
            batch.sent_count = states.count("sent")

    @api.model
    def _prepare_for(self, leads, analysis=None, tone="warm"):
        """Create a batch and ask for the drafts; opposed contacts are refused."""
        today = fields.Date.context_today(self)
        batch = self.create(
            {
                "name": self.env._(
                    "Follow-ups of %(day)s",
                    day=fields.Date.to_date(today).strftime("%d/%m/%Y"),
                ),
                "analysis_id": analysis.id if analysis else False,
            }
        )
        refusals = leads._find_follow_up_refusals()
        lines = self.env["crm.follow.up.line"].create(
            [
                {
                    "batch_id": batch.id,
                    "lead_id": lead.id,
                    "state": "refused" if refusals.get(lead.id) else "waiting",
                    "reason": refusals.get(lead.id),
                }
                for lead in leads
            ]
        )
        lines.filtered(lambda line: line.state == "waiting")._ask_for_draft(tone)
        return batch

    def _tell_sender(self):
        """Have the open screen read the batch again."""
        for batch in self:
            batch.user_id._bus_send(
                "crm_base.record", {"res_model": batch._name, "res_id": batch.id}
            )

    def action_send(self):
        """Send the mails that were kept: once, whatever is clicked twice."""
        self.ensure_one()
        self.check_access("write")
        if self.user_id != self.env.user:
            raise UserError(self.env._("Only the person who prepared them sends them."))
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "review":
            raise UserError(
                self.env._("These follow-ups were sent or cancelled already.")
            )
        if self.waiting_count:
            raise UserError(
                self.env._("Some drafts are still being written. Wait a moment.")
            )
        kept = self.line_ids.filtered(lambda line: line.state == "ready")
        if not kept:
            raise UserError(self.env._("There is no mail to send."))
        kept._refuse_opposed()
        for line in kept.filtered(lambda line: line.state == "ready"):
            line._send()
        self.write({"state": "sent", "sent_at": fields.Datetime.now()})
        # The queue need not wait for its next round.
        cron = self.env.ref("mail.ir_cron_mail_scheduler_action", False)
        if cron:
            # sudo: a person's mails leave, the scheduler is the system's
            cron.sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Mails sent: %s", self.sent_count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_cancel(self):
        """Send nothing; the drafts count as dismissed."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "review":
            raise UserError(
                self.env._("These follow-ups were sent or cancelled already.")
            )
        for line in self.line_ids.filtered(lambda line: line.state in OPEN_STATES):
            line._exclude(self.env._("The batch was cancelled."))
        self.state = "cancelled"
