from odoo import fields, models


class CrmSignMixin(models.AbstractModel):
    """For documents that people sign: quotes, contracts, proposals.

    A glue addon inherits it beside the document and overrides the hooks.
    """

    _name = "crm.sign.mixin"
    _description = "Document that is signed"

    sign_request_ids = fields.One2many(
        "crm.sign.request",
        "res_id",
        string="Signature Requests",
        domain=lambda self: [("res_model", "=", self._name)],
    )
    sign_request_count = fields.Integer(compute="_compute_sign_request_count")

    def _compute_sign_request_count(self):
        requests = self.env["crm.sign.request"]
        counts = {}
        if requests.has_access("read"):
            groups = requests._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                ["res_id"],
                ["__count"],
            )
            counts = dict(groups)
        for record in self:
            record.sign_request_count = counts.get(record.id, 0)

    # === Hooks === #

    def _sign_get_version(self) -> str:
        """Return what tells two versions of the document apart."""
        self.ensure_one()
        return str(self.write_date or "")

    def _sign_get_outdated_reason(self, request):
        """Return why the document sent is not the current one, False when it is.

        :param request: an open `crm.sign.request` about this document
        """
        self.ensure_one()
        if (
            request.source_version
            and request.source_version != self._sign_get_version()
        ):
            return self.env._("A newer version of this document exists.")
        return False

    def _sign_prepare_request(self) -> dict:
        """Return the values of a request about this document, ready for `create`.

        `documents`, a list of (file name, PDF bytes), is taken out by
        `_sign_create_request`; the other keys are fields of the request.
        """
        self.ensure_one()
        return {"name": self.display_name, "documents": []}

    def _sign_on_event(self, request, kind: str) -> None:
        """Called in the transaction of a fact, as superuser.

        :param kind: sent, signed, refused, expired or cancelled
        """

    # === Making a request === #

    def _sign_create_request(self):
        """Create a draft about this document, with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        values = self._sign_prepare_request()
        documents = values.pop("documents", [])
        request = self.env["crm.sign.request"].create(values)
        # sudo: what a request is about is written by the server only
        request.sudo().write({"res_model": self._name, "res_id": self.id})
        for name, content in documents:
            request._add_document(name, content)
        return request

    def action_sign_requests(self):
        """Open the requests of this document."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sign.crm_sign_request_action"
        )
        domain = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action.update(domain=domain, context={"create": False})
        return action
