from odoo.tests import tagged

from .common import YousignCase


@tagged("post_install", "-at_install")
class TestQueries(YousignCase):
    def queries_of_the_cron(self, count):
        requests = self.env["crm.sign.request"]
        for _number in range(count):
            requests |= self.make_yousign()
        for number, request in enumerate(requests):
            request.write({"state": "sent", "remote_id": f"r-{count}-{number}"})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["crm.sign.request"]._cron_look_at_yousign()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_hourly_look_costs_the_same_for_each_request(self):
        self.queries_of_the_cron(1)
        small, large = self.queries_of_the_cron(5), self.queries_of_the_cron(20)
        per_request = (large - small) / 15
        self.assertLessEqual(per_request, 4, (small, large))
        self.assertEqual(len(self.exchanges("yousign.look")), 26)
