from odoo.tests import no_retry, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestJs(test_js.HOOTCommon):
    _test_params = ()  # set by Odoo's own runner only

    @no_retry
    def test_secret_field(self):
        suite = self._generate_hash("@crm_base")
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id=" + suite,
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
