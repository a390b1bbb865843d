from odoo.tests import tagged

from .common import DocusignCase


@tagged("post_install", "-at_install")
class TestQueries(DocusignCase):
    """The check of open requests costs the same for few and for many."""

    def _count(self):
        # As if the former question had been answered long ago.
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_exchange SET state = 'done'")
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

        open_requests(2)
        self._count()
        cost_of_few = self._count()
        open_requests(40)
        self.assertLessEqual(self._count(), cost_of_few)
