from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL


class CrmScoreNotice(models.Model):
    """That deals became hot, said once a day to each person, however many they are."""

    _name = "crm.score.notice"
    _description = "Notice of Hot Deals"
    _order = "day desc, id desc"
    _rec_name = "day"

    user_id = fields.Many2one(
        "res.users", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    day = fields.Date(required=True, readonly=True)
    lead_count = fields.Integer(string="Deals", readonly=True)

    _once_a_day = models.UniqueIndex("(user_id, company_id, day)")

    @api.model
    def _tell(self, company, lead_ids: list[int]):
        """Tell each seller about the deals of his that became hot."""
        if not lead_ids or not company.score_tells_hot:
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT lead.user_id, count(*) FROM crm_lead lead"
                " JOIN res_users seller ON seller.id = lead.user_id AND seller.active"
                " WHERE lead.id = ANY(%s) GROUP BY lead.user_id ORDER BY lead.user_id",
                lead_ids,
            )
        )
        # sudo: notices are written by the engine only
        engine = self.sudo()
        for user, count in [(self.env["res.users"].browse(i), n) for i, n in rows]:
            if engine._note(company, user, count):
                engine._send(user, count)

    def _note(self, company, user, count: int) -> bool:
        """Add to today's notice of a person; tell whether it is the first."""
        day = fields.Date.context_today(self.with_context(tz=user.tz))
        ((is_new,),) = self.env.execute_query(
            SQL(
                "INSERT INTO crm_score_notice"
                " (user_id, company_id, day, lead_count, create_uid, create_date)"
                " VALUES (%s, %s, %s, %s, %s, now() AT TIME ZONE 'UTC')"
                " ON CONFLICT (user_id, company_id, day) DO UPDATE SET"
                " lead_count = crm_score_notice.lead_count + EXCLUDED.lead_count"
                " RETURNING xmax = 0",
                user.id,
                company.id,
                day,
                count,
                self.env.uid,
            )
        )
        return is_new

    def _send(self, user, count: int):
        env = self.with_context(lang=user.lang).env
        if count == 1:
            subject = env._("One of your deals became hot")
        else:
            subject = env._("%s of your deals became hot", count)
        body = Markup("<p>%s</p><p><a href='/odoo/hot-deals'>%s</a></p>") % (
            subject,
            env._("See your hot deals"),
        )
        env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=subject,
            body=body,
            email_layout_xmlid="mail.mail_notification_light",
        )

    @api.autovacuum
    def _gc_notices(self):
        limit = fields.Date.subtract(fields.Date.today(), days=60)
        self.search([("day", "<", limit)], limit=10_000).unlink()
