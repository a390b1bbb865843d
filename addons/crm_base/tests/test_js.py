from odoo.tests import no_retry, tagged

from . import hoot


@tagged("post_install", "-at_install")
class TestJs(hoot.HootCase):
    @no_retry
    def test_screens(self):
        self.run_suite("@crm_base")
