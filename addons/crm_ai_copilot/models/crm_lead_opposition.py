from odoo import models


class CrmLead(models.Model):
    """Who may not be solicited, and why."""

    _inherit = "crm.lead"

    def _find_follow_up_refusals(self):
        """Return why a deal gets no follow-up, by id; nothing for the others."""
        blocked = self._find_blocked_addresses()
        refusals = {}
        for lead in self:
            partner = lead.partner_id
            address = lead.email_normalized or partner.email_normalized
            if lead.won_status != "pending" or not lead.active:
                refusals[lead.id] = self.env._("The deal is closed.")
            elif partner.crm_is_opposed or partner.commercial_partner_id.crm_is_opposed:
                refusals[lead.id] = self.env._("The contact objects to solicitation.")
            elif not address:
                refusals[lead.id] = self.env._("The contact has no mail address.")
            elif {address, partner.email_normalized} & blocked:
                refusals[lead.id] = self.env._("The address is on the blacklist.")
        return refusals

    def _find_blocked_addresses(self):
        addresses = set(self.mapped("email_normalized"))
        addresses |= set(self.partner_id.mapped("email_normalized"))
        # sudo: sellers may not read the list, only whether their contact is on it
        listed = (
            self.env["mail.blacklist"]
            .sudo()
            .search([("email", "in", [a for a in addresses if a])])
        )
        return set(listed.mapped("email"))
