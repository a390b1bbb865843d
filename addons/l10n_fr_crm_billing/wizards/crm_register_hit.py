from odoo import api, fields, models

# Field of the hit -> field of the contact, in the order of the screen.
COMPARED = {
    "name": "name",
    "street": "street",
    "street2": "street2",
    "zip": "zip",
    "city": "city",
    "siret": "company_registry",
    "vat": "vat",
    "legal_form": "fr_legal_form",
    "activity": "fr_activity_code",
}
WRITABLE = frozenset({*COMPARED.values(), "country_id", "is_company"})


class CrmRegisterHit(models.TransientModel):
    """One company of an answer."""

    _name = "crm.register.hit"
    _description = "Company Found in the Register"

    lookup_id = fields.Many2one(
        "crm.register.lookup", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(readonly=True)
    siren = fields.Char(string="SIREN", readonly=True)
    siret = fields.Char(string="SIRET", readonly=True)
    street = fields.Char(readonly=True)
    street2 = fields.Char(readonly=True)
    zip = fields.Char(readonly=True)
    city = fields.Char(readonly=True)
    legal_form = fields.Char(readonly=True)
    activity = fields.Char(string="Activity (NAF)", readonly=True)
    vat = fields.Char(string="VAT Number", readonly=True)
    is_vat_computed = fields.Boolean(readonly=True)
    is_closed = fields.Boolean(string="Closed", readonly=True)
    closed_on = fields.Date(readonly=True)

    @api.model
    def _prepare_hit(self, lookup, company):
        return {
            "lookup_id": lookup.id,
            "name": company.name,
            "siren": company.siren,
            "siret": company.siret,
            "street": company.street,
            "street2": company.street2,
            "zip": company.postcode,
            "city": company.city,
            "legal_form": company.legal_form,
            "activity": company.activity,
            "vat": company.vat,
            "is_vat_computed": company.is_vat_computed,
            "is_closed": company.is_closed,
            "closed_on": self._read_day(company.closed_on),
        }

    @api.model
    def _read_day(self, text):
        try:
            return fields.Date.to_date(text) if text else False
        except ValueError:
            return False

    def action_choose(self):
        """Compare the contact with this company."""
        self.ensure_one()
        self.lookup_id.partner_id.check_access("write")
        self.lookup_id._choose(self)
        return self.lookup_id._get_action()

    def _prepare_changes(self):
        """Return the differences; what the register does not publish is no change."""
        self.ensure_one()
        partner = self.lookup_id.partner_id
        rows = []
        for source, target in COMPARED.items():
            proposed, current = self[source], partner[target]
            if proposed and proposed != (current or "").strip():
                rows.append(self._prepare_change(target, current, proposed))
        france = self.env.ref("base.fr")
        if not partner.country_id:
            rows.append(self._prepare_change("country_id", "", france.name))
        if not partner.is_company:
            rows.append(self._prepare_change("is_company", "", self.env._("Company")))
        return rows

    def _prepare_change(self, field_name, current, proposed):
        is_same = (current or "").casefold() == proposed.casefold()
        guessed = field_name == "vat" and self.is_vat_computed
        return {
            "lookup_id": self.lookup_id.id,
            "field_name": field_name,
            "current_value": current or "",
            "proposed_value": proposed,
            # A difference in capitals only, or a number nobody published, is left
            # to the person.
            "is_applied": not is_same and not (guessed and current),
        }


class CrmRegisterChange(models.TransientModel):
    """One difference between a contact and the register."""

    _name = "crm.register.change"
    _description = "Difference with the Register"

    lookup_id = fields.Many2one(
        "crm.register.lookup", required=True, index=True, ondelete="cascade"
    )
    field_name = fields.Char(required=True, readonly=True)
    label = fields.Char(string="Field", compute="_compute_label")
    current_value = fields.Char(string="Contact", readonly=True)
    proposed_value = fields.Char(string="Register", readonly=True)
    is_applied = fields.Boolean(string="Take Over")

    @api.depends("field_name")
    @api.depends_context("lang")
    def _compute_label(self):
        descriptions = self.env["res.partner"].fields_get(
            [*COMPARED.values(), "country_id", "is_company"], ["string"]
        )
        for change in self:
            change.label = (
                "SIREN / SIRET"
                if change.field_name == "company_registry"
                else descriptions.get(change.field_name, {}).get("string", "")
            )

    def _get_value(self):
        self.ensure_one()
        if self.field_name == "country_id":
            return self.env.ref("base.fr").id
        return True if self.field_name == "is_company" else self.proposed_value
