from odoo.tests import no_retry, tagged

# The module, not the class: pytest collects the parent's own tests with its name.
from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestJs(test_js.HOOTCommon):
    _test_params = ()  # set by Odoo's own runner only

    @no_retry
    def test_screens_say_what_a_document_loses(self):
        suite = self._generate_hash("@report_chromium")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
