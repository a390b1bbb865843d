from odoo import models


class CrmDocumentValues(models.AbstractModel):
    _inherit = "crm.document.values"

    def _get_families(self, model):
        families = super()._get_families(model)
        if model == "sale.order":
            families.insert(3, "affaire")
        elif model == "crm.lead":
            families.insert(3, "devis")
        return families

    def _find_parties(self, record):
        parties = super()._find_parties(record)
        if record._name == "sale.order":
            # The seller of a quote may have no right to a colleague's deal.
            parties["affaire"] = record.opportunity_id._filtered_access("read")
        elif record._name == "crm.lead":
            orders = record.order_ids._filtered_access("read")
            parties["devis"] = orders.filtered(lambda o: o.state != "cancel").sorted(
                lambda o: (o.date_order, o.id), reverse=True
            )[:1]
        return parties
