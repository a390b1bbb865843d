from odoo.tests import tagged

from .common import DocusignCase


@tagged("post_install", "-at_install")
class TestQueries(DocusignCase):
    """The check of open requests costs the same for few and for many."""

    def _count(self, requests):
        requests.sudo().docusign_asked_at = False
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["crm.sign.request"]._cron_follow_docusign()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_asking_about_many_costs_no_more_queries(self):
        make = self.env["crm.sign.request"].sudo()

        def open_requests(count):
            return make.create(
                [
                    {
                        "name": f"Contrat {number}",
                        "company_id": self.company.id,
                        "connection_id": self.connection.id,
                        "state": "sent",
                        "remote_id": f"envelope-{number}",
                    }
                    for number in range(count)
                ]
            )

        few = open_requests(2)
        self._count(few)
        cost_of_few = self._count(few)
        many = few | open_requests(40)
        self.assertLessEqual(self._count(many), cost_of_few)
