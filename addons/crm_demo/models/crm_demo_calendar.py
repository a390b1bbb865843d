from datetime import timedelta

from odoo import Command, models

from ..lib.workdays import instant


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _tell_calendar(self):
        """Create past and coming meetings, with clients and between colleagues."""
        self.env["calendar.event"].create(
            [self._prepare_meeting(row) for row in self._read_table("meetings")]
        )

    def _prepare_meeting(self, row):
        owner = self._recall("user", row["owner"])
        deal = self._recall("deal", row["deal"])
        starts_at = instant(self._get_day(row["in_days"]), int(row["hour"]))
        partners = owner.partner_id
        for login in row["colleagues"].split():
            partners += self._recall("user", login).partner_id
        values = {
            "name": row["name"],
            "user_id": owner.id,
            "start": starts_at,
            "stop": starts_at + timedelta(hours=float(row["hours"])),
            "location": row["location"],
        }
        if deal:
            partners += deal.partner_id
            values |= {
                "opportunity_id": deal.id,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": deal.id,
            }
        return values | {"partner_ids": [Command.set(partners.ids)]}
