from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class CrmDocument(models.Model):
    """Whoever may read a record may read its documents, and nobody else.

    The administrator of the suite reads all those of his companies, also when the
    record is gone.
    """

    _inherit = "crm.document"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if not self or self.env.su or self._reads_every_record():
            return result
        allowed = self - result[0] if result else self
        hidden = allowed - self.browse(allowed._find_records())
        if not hidden:
            return result
        forbidden = result[0] + hidden if result else hidden
        return forbidden, lambda: forbidden._make_document_error(operation)

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self.env.su or self._reads_every_record()):
            domain = Domain(domain) & self._get_record_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _reads_every_record(self):
        return self.env.user.has_group("crm_base.crm_base_group_admin")

    def _find_records(self):
        """Return {id: record} of the documents whose record the user may read."""
        by_model = defaultdict(lambda: defaultdict(list))
        # sudo: only to know which record to ask about
        for document in self.sudo():
            by_model[document.res_model][document.res_id].append(document.id)
        found = {}
        for model, by_record in by_model.items():
            if model not in self.env:
                continue
            records = self.env[model].browse(by_record).exists()
            for record in records._filtered_access("read"):
                found.update(dict.fromkeys(by_record[record.id], record))
        return found

    def _get_record_domain(self):
        """Return the same as `_find_records`, for the database."""
        domains = []
        for model in self.env["crm.document.values"]._get_kinds():
            Model = self.env[model]
            if not Model.has_access("read"):
                continue
            readable = Model.with_context(active_test=False)._search([])
            domains.append(
                Domain("res_model", "=", model) & _record_in(readable.subselect())
            )
        return Domain.OR(domains) if domains else Domain.FALSE

    def _make_document_error(self, operation):
        return AccessError(
            self.env._(
                "You may not open these documents: they belong to records that are not"
                " shared with you (documents %(ids)s, operation %(operation)s).",
                ids=self.ids[:6],
                operation=operation,
            )
        )


def _record_in(ids):
    """Return the condition that the record of a document is among `ids`, SQL."""

    def to_sql(model, alias, query):
        return SQL("%s IN %s", model._field_to_sql(alias, "res_id", query), ids)

    return Domain.custom(to_sql=to_sql)
