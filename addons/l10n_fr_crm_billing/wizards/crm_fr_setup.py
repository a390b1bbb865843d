from odoo import api, fields, models
from odoo.exceptions import AccessError

# Written to the company as they are; the order is that of the screen.
COMPANY_FIELDS = (
    "name",
    "street",
    "street2",
    "zip",
    "city",
    "company_registry",
    "vat",
    "fr_legal_form",
    "fr_legal_form_other",
    "fr_share_capital",
    "fr_registry_kind",
    "fr_registry_town",
    "fr_registry_other",
    "fr_vat_regime",
    "fr_franchise_activity",
    "fr_vat_on_debits",
    "fr_is_association_member",
    "fr_is_vat_group_member",
    "fr_vat_group",
    "fr_late_penalty_text",
    "fr_early_discount_text",
    "fr_is_building_trade",
    "fr_insurer",
    "fr_insurer_contact",
    "fr_insurance_territory",
    "fr_mediator",
    "fr_quote_fee",
)
GROUPS = ("account.group_account_manager", "crm_base.crm_base_group_admin")


class CrmFrSetup(models.TransientModel):
    """The page a founder fills in: what French law prints on the documents."""

    _name = "crm.fr.setup"
    _description = "French Invoicing Set-up"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    checklist = fields.Json(compute="_compute_checklist")
    penalty_preview = fields.Char(compute="_compute_penalty_preview")
    name = fields.Char(string="Company Name", required=True)
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char(string="Postcode")
    city = fields.Char()
    company_registry = fields.Char(string="SIRET")
    vat = fields.Char(string="VAT Number")
    fr_legal_form = fields.Selection(
        selection="_selection_fr_legal_form", string="Legal Form"
    )
    fr_legal_form_other = fields.Char(string="Other Legal Form")
    fr_has_capital = fields.Boolean(compute="_compute_fr_has_capital")
    fr_share_capital = fields.Monetary(string="Share Capital")
    fr_registry_kind = fields.Selection(
        selection=lambda self: self._get_selection("fr_registry_kind"),
        string="Register",
        compute="_compute_fr_registry_kind",
        store=True,
        readonly=False,
    )
    fr_registry_town = fields.Char(string="Town of the Register")
    fr_registry_other = fields.Char(string="Register and Number")
    fr_vat_regime = fields.Selection(
        selection=lambda self: self._get_selection("fr_vat_regime"),
        string="VAT Regime",
        required=True,
    )
    fr_franchise_activity = fields.Selection(
        selection=lambda self: self._get_selection("fr_franchise_activity"),
        string="Main Activity",
        required=True,
    )
    fr_vat_on_debits = fields.Boolean(string="VAT on Debits")
    fr_is_association_member = fields.Boolean(
        string="Member of an Approved Association"
    )
    fr_is_vat_group_member = fields.Boolean(string="Member of a VAT Group")
    fr_vat_group = fields.Char(string="VAT Group")
    fr_late_penalty_text = fields.Char(string="Penalty Rate in Words")
    fr_early_discount_text = fields.Char(string="Discount for Early Payment")
    fr_is_building_trade = fields.Boolean(string="Building Trade")
    fr_insurer = fields.Char(string="Insurer")
    fr_insurer_contact = fields.Char(string="Contact of the Insurer")
    fr_insurance_territory = fields.Char(string="Territory Covered")
    fr_mediator = fields.Char(string="Consumer Mediator")
    fr_quote_fee = fields.Char(string="Price of a Quote")

    @api.model
    def _get_selection(self, name):
        return self.env["res.company"]._fields[name]._description_selection(self.env)

    @api.model
    def _selection_fr_legal_form(self):
        return self.env["res.company"]._selection_fr_legal_form()

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # An accountant may complete the company without owning the server.
        company = self._get_own_company(values.get("company_id")).sudo()
        for name in COMPANY_FIELDS:
            if name in fields:
                values[name] = company[name]
        return values

    @api.model
    def _get_own_company(self, company_id=None):
        company = self.env["res.company"].browse(company_id) or self.env.company
        if company not in self.env.user.company_ids:
            raise AccessError(self.env._("This company is not one of yours."))
        return company

    @api.depends("company_id")
    def _compute_checklist(self):
        for setup in self:
            setup.checklist = setup.company_id.sudo()._get_fr_setup_checklist()

    @api.depends("company_id", "fr_late_penalty_text")
    def _compute_penalty_preview(self):
        nobody = self.env["res.partner"]
        for setup in self:
            setup.penalty_preview = (
                setup.fr_late_penalty_text
                or setup.company_id.sudo()._describe_fr_late_rate(nobody)
            )

    @api.depends("fr_legal_form")
    def _compute_fr_has_capital(self):
        for setup in self:
            form = setup.company_id._get_fr_form(setup.fr_legal_form)
            setup.fr_has_capital = bool(form and form.has_capital)

    @api.depends("fr_legal_form")
    def _compute_fr_registry_kind(self):
        for setup in self:
            form = setup.company_id._get_fr_form(setup.fr_legal_form)
            setup.fr_registry_kind = form.registry if form else "rcs"

    def action_save(self):
        """Write the company; the page stays open as long as something is missing."""
        self.ensure_one()
        if not any(self.env.user.has_group(group) for group in GROUPS):
            raise AccessError(
                self.env._("Only an accounting manager may change these settings.")
            )
        company = self._get_own_company(self.company_id.id).sudo()
        values = {name: self[name] for name in COMPANY_FIELDS}
        for name in ("company_registry", "vat"):
            values[name] = "".join((values[name] or "").split()) or False
        changed = {
            name: value for name, value in values.items() if company[name] != value
        }
        if changed:
            company.write(changed)
        if any(item["level"] == "block" for item in company._get_fr_setup_checklist()):
            return company._get_fr_setup_action()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Your documents carry all they must."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
