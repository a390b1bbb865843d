from odoo import models
from odoo.tools import format_date

from .crm_dunning_message_send import QUIET


class CrmDunningMessage(models.Model):
    """What people see of a message: tasks and lines of history."""

    _inherit = "crm.dunning.message"

    # === Tasks === #

    def _schedule_tasks(self):
        """Give the person in charge what the machine cannot do."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        self.env["mail.activity"].with_context(**QUIET).create(
            [
                {
                    "activity_type_id": todo.id,
                    "res_model_id": model_id,
                    "res_id": message.id,
                    "user_id": message.responsible_id.id,
                    "date_deadline": message.date,
                    "summary": message._get_task_summary(),
                    "note": message.failure or message.reason,
                    "automated": True,
                }
                for message in self
            ]
        )

    def _get_task_summary(self):
        self.ensure_one()
        if self.state == "to_post":
            return self.env._(
                "Post the letter: %(step)s, %(client)s",
                step=self.step_id.name,
                client=self.partner_id.name,
            )
        return self.env._(
            "Reminder to make: %(step)s, %(client)s",
            step=self.step_id.name,
            client=self.partner_id.name,
        )

    # === History === #

    def _log_on_documents(self):
        """Write one dated line per document, and per client where no mail says it."""
        moves = self.env["account.move"].sudo()
        bodies, clients = {}, {}
        for message in self:
            text = message._get_log_text()
            for line in message.line_ids:
                before = bodies.get(line.move_id.id)
                bodies[line.move_id.id] = f"{before} {text}" if before else text
            if not message.mail_message_id:
                clients[message.partner_id.id] = text
        author = self.env.company.partner_id.id if self.env.su else None
        if bodies:
            moves.browse(bodies)._message_log_batch(bodies=bodies, author_id=author)
        if clients:
            partners = self.env["res.partner"].sudo().browse(clients)
            partners._message_log_batch(bodies=clients, author_id=author)

    def _get_log_text(self):
        self.ensure_one()
        values = {
            "step": self.step_id.name,
            "day": format_date(self.env, self.date),
            "to": self.mail_address or self.recipient_id.name or "",
            "amount": self.amount_text,
            "why": self.failure or self.reason or "",
        }
        texts = {
            "sent": self.env._(
                "%(day)s: %(step)s sent to %(to)s, %(amount)s.", **values
            ),
            "to_post": self.env._(
                "%(day)s: %(step)s, letter to post, %(amount)s.", **values
            ),
            "task": self.env._("%(day)s: %(step)s is a task. %(why)s", **values),
            "failed": self.env._(
                "%(day)s: %(step)s did not reach %(to)s. %(why)s", **values
            ),
            "done": self.env._("%(day)s: %(step)s done by hand.", **values),
            "cancelled": self.env._("%(day)s: %(step)s withdrawn. %(why)s", **values),
        }
        return texts[self.state]
