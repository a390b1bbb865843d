from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from odoo.addons.queue_job.tests.common import trap_jobs


@tagged("post_install", "-at_install")
class TestQuoteReads(TransactionCase):
    def test_a_quote_that_is_read_is_the_moment_to_call(self):
        client = self.env["res.partner"].create({"name": "Biotech SA"})
        lead = self.env["crm.lead"].create(
            {
                "name": "Refonte",
                "type": "opportunity",
                "partner_id": client.id,
                "expected_revenue": 15000,
            }
        )
        order = self.env["sale.order"].create(
            {"partner_id": client.id, "opportunity_id": lead.id}
        )
        order.write(
            {"state": "sent", "date_order": fields.Datetime.now() - timedelta(days=7)}
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=7), lead.id],
        )
        self.env.invalidate_all()
        self.env.cr.precommit.run()
        with trap_jobs() as trap:
            for number in range(3):
                self.env["crm.quote.event"].create(
                    {
                        "order_id": order.id,
                        "kind": "opened",
                        "at": fields.Datetime.now(),
                        "who": "Henri Dupont",
                        "partner_id": client.id,
                        "session_key": f"visit {number}",
                    }
                )
            self.env.cr.precommit.run()
            trap.assert_jobs_count(1, only=lead._job_refresh_next_actions)
            trap.perform_enqueued_jobs()
        self.assertEqual(lead.next_action_id.kind, "call")
        self.assertIn(order.name, lead.next_action_id.reason)
        self.assertIn("3\u00a0fois", lead.next_action_id.reason)
