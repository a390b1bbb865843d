import os
import signal
import threading
import time
from contextlib import suppress
from unittest.mock import patch

import psutil

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.report_chromium.engine_setup import find_chromium, get_engine
from odoo.addons.report_chromium.lib.assets import Asset
from odoo.addons.report_chromium.lib.paper import PaperFormat
from odoo.addons.report_chromium.providers.engine import Engine, EngineSettings
from odoo.addons.report_chromium.providers.printer import Printer, PrintJob
from odoo.addons.report_chromium.providers.tab import Tab

from .common import ChromiumCase


def wait_until_gone(pid, seconds=10):
    """Whether this process ends in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


@tagged("post_install", "-at_install")
class TestEngine(ChromiumCase):
    def make_engine(self, **settings):
        engine = Engine(EngineSettings(program=find_chromium(), **settings))
        self.addCleanup(engine.close)
        return engine

    def make_job(self, html="<p>texte</p>", **values):
        return PrintJob(
            (html,), PaperFormat(), "http://crm.test", lambda url: None, **values
        )

    def test_the_browser_is_kept_from_one_document_to_the_next(self):
        self.render()
        pid = get_engine().pid
        self.render()
        self.assertTrue(pid)
        self.assertEqual(get_engine().pid, pid)

    def test_classes_of_tests_leave_no_browser_behind(self):
        self.render()
        self.assertTrue(get_engine().pid)
        self.assertIn(
            get_engine().close, [cleanup[0] for cleanup in type(self)._class_cleanups]
        )

    def test_after_a_crash_the_next_document_gets_a_new_browser(self):
        engine = self.make_engine()
        engine.print(self.make_job())
        pid = engine.pid
        os.killpg(pid, signal.SIGKILL)
        self.assertTrue(wait_until_gone(pid))
        self.assertTrue(engine.print(self.make_job()).startswith(b"%PDF"))
        self.assertNotEqual(engine.pid, pid)

    def test_a_crash_in_the_middle_is_repaired_by_itself(self):
        engine = self.make_engine()
        real, killed = Tab.print, []

        def print_and_die(tab, *args):
            if not killed:
                killed.append(engine.pid)
                os.killpg(engine.pid, signal.SIGKILL)
            return real(tab, *args)

        with patch.object(Tab, "print", print_and_die):
            pdf = engine.print(self.make_job())
        self.assertTrue(killed)
        self.assertIn("texte", self.read_pages(pdf)[0])

    def test_a_crash_of_one_page_is_repaired_by_the_same_browser(self):
        engine = self.make_engine()
        engine.print(self.make_job())
        pid, killed = engine.pid, []

        def fetch(url):
            for process in psutil.Process(pid).children(recursive=True):
                with suppress(psutil.Error):
                    if not killed and "--type=renderer" in process.cmdline():
                        process.kill()
            killed.append(url)
            return Asset(b"", "image/png")

        html = "<p>texte</p><img src='http://crm.test/x.png'/>"
        job = PrintJob((html,), PaperFormat(), "http://crm.test", fetch)
        self.assertIn("texte", self.read_pages(engine.print(job))[0])
        self.assertGreater(len(killed), 1, "the document was opened twice")
        self.assertEqual(engine.pid, pid)

    def test_two_crashes_are_told_to_the_user(self):
        real = Printer._print

        def die(printer):
            os.killpg(printer.chromium.process.pid, signal.SIGKILL)
            return real(printer)

        with (
            patch.object(Printer, "_print", die),
            self.assertRaisesRegex(UserError, "stopped twice"),
        ):
            self.render()
        self.assertIn("Texte du corps", self.print_pages()[0])

    def test_two_threads_print_at_once_without_mixing(self):
        engine = self.make_engine(jobs=2)
        results = {}

        def work(name):
            texts = []
            for _ in range(5):
                pdf = engine.print(self.make_job(f"<p>fil {name}</p>"))
                texts.append(self.read_pages(pdf)[0].strip())
            results[name] = texts

        threads = [threading.Thread(target=work, args=(name,)) for name in "AB"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(results, {name: [f"fil {name}"] * 5 for name in "AB"})

    def test_too_many_at_once_wait_and_then_hear_so(self):
        engine = self.make_engine(jobs=1)
        started, release = threading.Event(), threading.Event()

        def fetch(url):
            started.set()
            release.wait(20)
            return Asset(b"", "image/png")

        html = "<img src='http://crm.test/x.png'/>"
        job = PrintJob((html,), PaperFormat(), "http://crm.test", fetch)
        thread = threading.Thread(target=engine.print, args=(job,))
        thread.start()
        self.assertTrue(started.wait(20))
        try:
            with self.assertRaisesRegex(Exception, "under way"):
                engine.print(self.make_job(timeout_seconds=0.2))
        finally:
            release.set()
            thread.join(20)

    def test_a_fresh_browser_takes_over_after_many_documents(self):
        engine = self.make_engine(max_documents=2)
        engine.print(self.make_job())
        first = engine.pid
        engine.print(self.make_job())
        self.assertTrue(wait_until_gone(first))
        engine.print(self.make_job())
        self.assertNotEqual(engine.pid, first)

    def test_a_swollen_browser_is_replaced(self):
        engine = self.make_engine(max_memory_bytes=1)
        engine.print(self.make_job())
        first = engine.pid
        job = self.make_job()
        job = PrintJob(job.bodies * 20, job.paper, job.base_url, job.fetch)
        engine.print(job)
        self.assertTrue(wait_until_gone(first))
        self.assertTrue(engine.print(self.make_job()).startswith(b"%PDF"))

    def test_an_idle_browser_ends_and_leaves_no_profile(self):
        engine = self.make_engine(idle_seconds=0.1)
        engine.print(self.make_job())
        pid, profile = engine.pid, engine._chromium.profile
        self.assertTrue(profile.exists())
        self.assertTrue(wait_until_gone(pid, 15))
        time.sleep(0.2)
        self.assertFalse(profile.exists())

    def test_the_browser_gets_no_secret_of_the_server(self):
        with patch.dict(os.environ, {"CRM_SECRET_KEY": "not for you"}):
            engine = self.make_engine()
            engine.print(self.make_job())
        seen = 0
        for process in psutil.Process(engine.pid).children(recursive=True):
            with suppress(psutil.Error):  # helpers come and go
                self.assertNotIn("CRM_SECRET_KEY", process.environ())
                seen += 1
        self.assertGreater(seen, 2)

    def test_a_limit_on_addresses_does_not_stop_the_browser(self):
        # Odoo lowers the soft limit of its processes at start; done here in a child.
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        used = psutil.Process().memory_info().vms
        resource.setrlimit(resource.RLIMIT_AS, (used + (4 << 30), hard))
        try:
            engine = self.make_engine()
            self.assertTrue(engine.print(self.make_job()).startswith(b"%PDF"))
        finally:
            resource.setrlimit(resource.RLIMIT_AS, (soft, hard))

    def test_a_forked_process_starts_its_own_browser(self):
        engine = self.make_engine()
        engine.print(self.make_job())
        pid = engine.pid
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            try:
                os.write(writing, b"none" if engine.pid is None else b"ours")
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        self.assertEqual(os.read(reading, 10), b"none")
        for descriptor in (reading, writing):
            os.close(descriptor)
        engine.print(self.make_job())
        self.assertEqual(engine.pid, pid)
