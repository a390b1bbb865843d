from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestPerformance(DocumentCase):
    def make_many(self, count):
        document = self.make_document()
        clients = self.env["res.partner"].create(
            [{"name": f"Client {index}"} for index in range(count)]
        )
        values = [
            {
                "name": f"Document {index}",
                "res_model": "res.partner",
                "res_id": clients[index].id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
                "template_id": self.template.id,
                "version_id": document.version_id.id,
                "format": "html",
            }
            for index in range(count)
        ]
        self.env["crm.document"].sudo().create(values)
        self.env.flush_all()

    def count_queries(self):
        self.env.invalidate_all()
        documents = self.env["crm.document"].with_user(self.seller)
        shown = ["name", "kind", "res_name", "share_count"]
        documents.search([]).read(shown)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        documents.search([], limit=80).read(shown)
        return self.env.cr.sql_log_count - before

    def test_a_list_costs_the_same_for_ten_and_for_seventy(self):
        self.make_many(10)
        few = self.count_queries()
        self.make_many(60)
        self.assertLessEqual(self.count_queries(), few + 1)
        self.assertLess(few, 20)
