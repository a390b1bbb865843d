"""Running the JavaScript tests of one addon in a browser."""

from odoo.addons.web.tests import test_js


class HootCase(test_js.HOOTCommon):
    """Give `run_suite` to a class with one `@no_retry` test.

    Import this module, not the class, or pytest collects the parent's own tests in
    each module that names it.
    """

    _test_params = ()  # set by Odoo's own runner only

    def run_suite(self, suite):
        """Run the suite of that name (`@my_addon`) and fail with the first failure."""
        suite_id = self._generate_hash(suite)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite_id}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
