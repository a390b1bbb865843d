from odoo import fields, models


class CrmSignRequest(models.Model):
    _inherit = "crm.sign.request"

    quote_version_id = fields.Many2one(
        "crm.quote.version",
        string="Version of the Quotation",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _get_problems(self):
        """A draft that shows a former state of the quotation is not sent."""
        problems = super()._get_problems()
        record = self._get_record()
        if record and record._name == "sale.order" and self.quote_version_id:
            reason = record._sign_get_outdated_reason(self)
            if reason:
                problems = [*problems, reason]
        return problems

    def _store_final(self, files, audit_trail=None):
        """The signed file joins the quotation as soon as it is there."""
        result = super()._store_final(files, audit_trail=audit_trail)
        record = self._get_record()
        if record and record._name == "sale.order":
            record._attach_signed_files(self)
        return result
