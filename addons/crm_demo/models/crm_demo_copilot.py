from datetime import datetime, time, timedelta

from markupsafe import Markup

from odoo import models
from odoo.tools import split_every

# Hour at which clients write, in UTC.
WRITTEN_AT = time(8, 20)
BATCH = 200


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "copilot"]

    def _is_ready(self, chapter):
        if chapter == "copilot":
            # What was read is kept encrypted: that takes a key.
            return self.env["crm.secret"]._status() == "ok"
        return super()._is_ready(chapter)

    def _tell_copilot(self):
        """What clients wrote lately, read by the rules; then the next actions."""
        for row in self._read_table("client_mails"):
            self._tell_client_mail(row)
        deals = self.env["crm.lead"].search(
            [("type", "=", "opportunity"), ("won_status", "=", "pending")]
        )
        for ids in split_every(BATCH, deals.ids):
            self.env["crm.lead"].browse(ids)._refresh_next_actions()

    def _tell_client_mail(self, row):
        lead = self._recall("deal", row["deal"])
        writer = lead.partner_id
        day = self._get_today() - timedelta(days=int(row["days_ago"]))
        lines = row["body"].split("|")
        message = self.env["mail.message"].create(
            {
                "model": lead._name,
                "res_id": lead.id,
                "message_type": "email",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": writer.id,
                "email_from": writer.email_formatted,
                "subject": row["subject"],
                "body": Markup("<p>%s</p>") % Markup("<br>").join(lines),
                "date": datetime.combine(day, WRITTEN_AT),
                "record_name": lead.name,
            }
        )
        reader = lead.with_user(lead.user_id)
        call = reader.env["crm.ai.call"]._create_call(
            "copilot.reading", reader, {"message_id": message.id}
        )
        call._answer_now()
