from odoo import api, models


class CollectionIndexReport(models.AbstractModel):
    """The index on paper; its rows come from the building of the file."""

    _name = "report.crm_billing.report_collection_index"
    _description = "Index of a Collection File"
    _data_key = "index"

    @api.model
    def _get_report_values(self, docids, data=None):
        files = self.env["crm.collection.file"].browse(docids)
        files.check_access("read")
        given = (data or {}).get(self._data_key) or {}
        if getattr(given.get("file"), "_name", None) != files._name:
            # Asked for by address: nothing was built.
            given = {"header": [], "rows": []}
        return {"docs": files, **given}


class AccountStatementReport(models.AbstractModel):
    """What the client was invoiced and paid."""

    _name = "report.crm_billing.report_account_statement"
    _inherit = "report.crm_billing.report_collection_index"
    _description = "Statement of Account"
    _data_key = "statement"
