from odoo.tests import tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from ..hooks import post_init_hook
from .common import ScoreCase


@tagged("post_install", "-at_install")
class TestInstall(ScoreCase):
    def test_deals_that_are_there_are_scored_by_a_job(self):
        self.env["crm.lead"].search([]).unlink()
        with trap_jobs() as trap:
            post_init_hook(self.env)
            trap.assert_jobs_count(0)
        self.make_lead()
        with trap_jobs() as trap:
            post_init_hook(self.env)
            trap.assert_jobs_count(1, only=self.company._job_score_all)
