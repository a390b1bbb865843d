"""Helpers for tests of provider addons: run a queue now, as a job would."""


class ExchangeMixin:
    """Put before TransactionCase; the queues run inside its transaction."""

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
        with self.enter_registry_test_mode():
            getattr(connection.sudo(), method)(*args)
        self.env.invalidate_all()
