from datetime import timedelta

from odoo import Command, fields, models

PROPOSAL = "crm_documents_sale.template_proposal_ai"
LINK_DAYS = 30
# (days ago, what happened, address, browser)
VISITS = (
    (4, "opened", "203.0.113.24", "Firefox"),
    (4, "wrong_password", "203.0.113.24", "Firefox"),
    (4, "unlocked", "203.0.113.24", "Firefox"),
    (4, "downloaded", "203.0.113.24", "Firefox"),
    (2, "opened", "198.51.100.7", "Chrome sur Android"),
    (2, "unlocked", "198.51.100.7", "Chrome sur Android"),
)


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "document"]

    def _tell_document(self):
        """The proposal of the quote TechCorp has in hand, shared by a link it read.

        Its PDF is printed when somebody first asks for it.
        """
        template = self.env.ref(PROPOSAL, raise_if_not_found=False)
        if not template:
            return
        order = self._recall("order", "techcorp_agence")
        seller = order.user_id
        wizard = (
            self.env["crm.document.wizard"]
            .with_user(seller)
            .with_company(order.company_id)
            .create(
                {
                    "res_model": order._name,
                    "res_id": order.id,
                    "template_id": template.id,
                    "name": f"Proposition TechCorp - {order.name}",
                }
            )
        )
        wizard.action_fill()
        document = wizard._create_document(order.with_user(seller), wizard._find_left())
        self._remember("document", ["techcorp_agence"], document)
        made_at = self._get_second_version_time() + timedelta(hours=2)
        self._backdate(document, {"create_date": [made_at], "write_date": [made_at]})
        self._tell_visits(document)

    def _tell_visits(self, document):
        Share = self.env["crm.document.share"].with_user(document.user_id)
        end = fields.Datetime.now() + timedelta(days=LINK_DAYS)
        client = document.partner_id
        share, _token = Share._make(
            document, client.name, end, Share._hash("Innovation-31")
        )
        # sudo: visits are written by the page of the link only
        share.sudo().visit_ids = [
            Command.create(
                {
                    "at": fields.Datetime.now() - timedelta(days=ago),
                    "kind": kind,
                    "ip": ip,
                    "user_agent": browser,
                }
            )
            for ago, kind, ip, browser in VISITS
        ]
