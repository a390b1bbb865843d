import http.server
import tempfile
import threading
import time
from pathlib import Path
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.report_chromium.models import ir_actions_report

from .common import ChromiumCase

SECRET = "SECRET-OF-THE-SERVER"


class _Recorder(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *args):
        """Say nothing: the test reads `seen`."""


@tagged("post_install", "-at_install")
class TestHostile(ChromiumCase):
    """Documents written by somebody who wants more than a PDF."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Recorder)
        cls.server.seen = []
        cls.outside = f"http://127.0.0.1:{cls.server.server_port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.secret = Path(folder) / "secret.html"
        cls.secret.write_text(f"<p>{SECRET}</p>")

    def print_html(self, html):
        """Print this HTML as the body of a report, as it is."""
        reports = self.env["ir.actions.report"]
        pdf = reports._run_wkhtmltopdf([html], report_ref=self.report)
        return " ".join(self.read_pages(pdf))

    def test_local_files_cannot_be_read(self):
        file = self.secret.as_uri()
        text = self.print_html(
            f"""<html><head><link rel="stylesheet" href="{file}"/>
            <meta http-equiv="refresh" content="0;url={file}"/></head><body>
            <iframe src="{file}" width="500" height="200"></iframe>
            <object data="{file}" type="text/html"></object><embed src="{file}"/>
            <img src="{file}"/><link rel="import" href="{file}"/>
            <script>fetch("{file}").then(r => r.text())
              .then(t => document.body.append(t))</script>
            <p>visible</p></body></html>"""
        )
        self.assertIn("visible", text)
        self.assertNotIn(SECRET, text)

    def test_nothing_calls_out(self):
        out = self.outside
        text = self.print_html(
            f"""<html><head><base href="{out}/"/>
            <link rel="stylesheet" href="{out}/style.css"/>
            <link rel="preconnect" href="{out}"/>
            <link rel="prefetch" href="{out}/prefetch"/>
            <link rel="preload" as="image" href="{out}/preload"/>
            <link rel="icon" href="{out}/icon"/>
            <style>@import url("{out}/import.css");
            @font-face {{ font-family: evil; src: url("{out}/font"); }}
            body {{ font-family: evil; background: url("{out}/background"); }}</style>
            <meta http-equiv="refresh" content="0;url={out}/refresh"/></head>
            <body onload="fetch('{out}/onload')">
            <img src="{out}/image"/><img srcset="{out}/srcset 1x"/>
            <iframe src="{out}/frame"></iframe>
            <iframe srcdoc="&lt;img src='{out}/srcdoc'&gt;"></iframe>
            <object data="{out}/object"></object><embed src="{out}/embed"/>
            <video src="{out}/video" autoplay="1"></video>
            <audio src="{out}/audio" autoplay="1"></audio>
            <svg><image href="{out}/svg"/><use href="{out}/use#x"/></svg>
            <form action="{out}/form" method="post"><input autofocus="1"
              onfocus="this.form.submit()"/></form>
            <a ping="{out}/ping" href="{out}/link">visible</a>
            <script src="{out}/script.js"></script>
            <script>new WebSocket("{out}/socket".replace("http", "ws"));
            navigator.sendBeacon("{out}/beacon"); new Worker("{out}/worker");
            location = "{out}/location"; window.open("{out}/window");</script>
            </body></html>"""
        )
        time.sleep(0.3)
        self.assertIn("visible", text)
        self.assertEqual(self.server.seen, [])

    def test_scripts_do_not_run(self):
        text = self.print_html(
            """<body onload="document.body.append('LOADED')"><p>visible</p>
            <script>document.body.append("RUN"); while (true) {}</script>
            <img src="x" onerror="document.body.append('ERROR')"/>
            <svg onload="document.body.append('SVG')"></svg>
            <a id="x" href="javascript:document.body.append('LINK')">l</a></body>"""
        )
        self.assertIn("visible", text)
        for mark in ("LOADED", "RUN", "ERROR", "SVG", "LINK"):
            self.assertNotIn(mark, text)

    def test_scripts_of_header_and_footer_do_not_run(self):
        evil = """<div id="minimal_layout_report_headers"><div class="header">
            <script>document.body.append("RUN")</script>
            <img src="x" onerror="document.body.append('ERROR')"/>
            Tête <span class="page"/> </div></div>"""
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(
            ["<p>corps</p>"], report_ref=self.report, header=f"<body>{evil}</body>"
        )
        text = " ".join(self.read_pages(pdf))
        self.assertIn("Tête 1", text)
        self.assertNotIn("RUN", text)
        self.assertNotIn("ERROR", text)

    def test_a_document_without_end_is_stopped_with_a_sentence(self):
        # Layout that takes far longer than the time we give it.
        deep = "<div style='display:inline-flex;width:max-content'>" * 300
        heavy = "<table>" + "<tr>" + "<td>x</td>" * 40 + "</tr>" * 1
        html = f"<body>{(heavy + '</table>') * 6000}{deep}</body>"
        with (
            patch.object(ir_actions_report, "read_timeout_seconds", lambda: 0.2),
            self.assertRaisesRegex(UserError, "was not ready"),
        ):
            self.env["ir.actions.report"]._run_wkhtmltopdf(
                [html], report_ref=self.report
            )
        self.assertIn("Texte du corps", self.print_pages()[0])
