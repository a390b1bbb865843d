from odoo.tests import no_retry, tagged

from odoo.addons.crm_base.tests import hoot


@tagged("post_install", "-at_install")
class TestJs(hoot.HootCase):
    @no_retry
    def test_panel(self):
        self.run_suite("@crm_ai_assistant")
