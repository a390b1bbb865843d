from dataclasses import asdict

from odoo import fields, models

from ..lib.wordings import Printed

NOTICE_REPORT = "l10n_fr_crm_billing.dunning_notice_report"


class CrmDunningMessage(models.Model):
    _inherit = "crm.dunning.message"

    # A law that changes leaves old letters as they were.
    fr_notice_kept = fields.Json(string="Mentions as Issued", copy=False, readonly=True)

    def _render_letters(self):
        """Keep the words of the law with the letter that prints them."""
        notice = self.env.ref(NOTICE_REPORT, raise_if_not_found=False)
        for message in self.filtered(lambda m: m._get_letter_report() == notice):
            words = message._get_fr_notice_words()
            message.fr_notice_kept = {key: asdict(w) for key, w in words.items()}
        return super()._render_letters()

    def _get_fr_notice_words(self):
        """Return ``{paragraph: words}``: those kept, else those of the letter's day."""
        self.ensure_one()
        if self.fr_notice_kept:
            kept = self.fr_notice_kept.items()
            return {key: Printed(**values) for key, values in kept}
        return self.env["crm.legal.mention"]._print_notice(
            self.company_id, self.date, self._is_to_business()
        )

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
