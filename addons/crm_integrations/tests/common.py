"""Helpers for tests of provider addons: run a queue now, as a job would."""

import importlib
import importlib.util
import sys
from contextlib import nullcontext
from pathlib import Path
from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import HttpCase

from ..models import crm_exchange_queue

STANDINS = Path(__file__).resolve().parents[3] / "tests" / "standins"
_PACKAGE = "crm_suite_standins"


def load_standin(name):
    """Import a stand-in of the checkout, such as `stripe`; an addon alone has none."""
    if not (STANDINS / name).is_dir():
        raise SkipTest("the stand-ins live in the checkout, not in the addon")
    if _PACKAGE not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            _PACKAGE,
            STANDINS / "__init__.py",
            submodule_search_locations=[str(STANDINS)],
        )
        module = importlib.util.module_from_spec(spec)
        sys.modules[_PACKAGE] = module
        spec.loader.exec_module(module)
    return importlib.import_module(f"{_PACKAGE}.{name}")


class ExchangeMixin:
    """Put before a test case; the queues run inside its transaction."""

    def run_outgoing(self, connection):
        """Send everything due on this connection."""
        self._run_job(connection, "_job_send")

    def run_incoming(self, connection):
        """Process everything due on this connection."""
        self._run_job(connection, "_job_process")

    def run_check(self, connection, dry_run=False):
        """Run the job behind the Test and Dry run buttons."""
        self._run_job(connection, "_job_check", dry_run)

    def _run_job(self, connection, method, *args):
        self.env.cr.flush()
        # The registry of an HttpCase lends its cursor already.
        is_lent = isinstance(self, HttpCase)
        with (
            nullcontext() if is_lent else self.enter_registry_test_mode(),
            # A slow machine gives way to no other job: nobody would call again.
            patch.object(crm_exchange_queue, "SHORT_SLICE_SECONDS", 600),
        ):
            getattr(connection.sudo(), method)(*args)
        self.env.invalidate_all()
