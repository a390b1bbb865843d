from odoo.tests import TransactionCase


class StoryCase(TransactionCase):
    """Reads the story told at installation; nothing here writes it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demo = cls.env["crm.demo"]
        cls.lumen = cls.recall("company", "lumen")
        cls.nadia = cls.recall("company", "nadia")
        cls.today = cls.demo._get_today()

    @classmethod
    def recall(cls, kind, key):
        return cls.env["crm.demo"]._recall(kind, key)

    def search_deals(self, company, status):
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id), ("won_status", "=", status)])
        )
