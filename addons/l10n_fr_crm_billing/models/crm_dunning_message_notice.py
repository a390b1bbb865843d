from odoo import models


class CrmDunningMessage(models.Model):
    _inherit = "crm.dunning.message"

    def _is_to_business(self):
        """Tell which wording of the formal notice the client gets."""
        self.ensure_one()
        return self.partner_id.sudo()._is_business_customer()

    def _get_fr_creditor_text(self):
        """Identity and address of the creditor, in one line."""
        self.ensure_one()
        company = self.company_id
        seller = company._prepare_fr_seller()
        form = seller.legal_form
        if seller.capital:
            form = self.env._(
                "%(form)s with a capital of %(capital)s",
                form=form,
                capital=seller.capital,
            )
        siren = seller.siren and self.env._("SIREN %s", seller.siren)
        address = self._get_one_line(company.partner_id)
        parts = (company.name, form, address, siren, seller.registry)
        return ", ".join(part for part in parts if part)

    def _get_fr_debtor_text(self):
        """Identity and address of the debtor, in one line."""
        self.ensure_one()
        partner = self.partner_id.sudo()
        number = partner.company_registry
        registry = number and self.env._("registration number %s", number)
        parts = (partner.name, self._get_one_line(partner), registry)
        return ", ".join(part for part in parts if part)

    def _get_one_line(self, partner):
        """Return the postal address of a contact in one line."""
        lines = partner.sudo()._display_address(without_company=True).splitlines()
        return ", ".join(line.strip() for line in lines if line.strip())
