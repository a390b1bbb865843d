"""Run config/nginx.conf.template for real, on loopback, with a throw-away
certificate."""

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import time

from config import render_nginx

from .upstream import free_port

HOST = "lumen.example.org"

# The directives of Debian's own nginx.conf are there too: ours must not clash.
_MAIN = """
{user}daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
events {{ worker_connections 512; }}
http {{
    sendfile on;
    tcp_nopush on;
    types_hash_max_size 2048;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    gzip on;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/crm.conf;
}}
"""


def find_nginx():
    """Path of the program, or None. Debian keeps it out of a user's PATH."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    return shutil.which("nginx", path=path)


def make_certificate(folder, *names):
    """Self-signed certificate and key; returns their paths."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subjects = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]
        + ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={names[0]}"]
        + ["-addext", f"subjectAltName={subjects}"]
        + ["-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    return cert, key


class Proxy:
    """nginx with our template in front of two upstreams."""

    def __init__(self, folder, odoo, websocket, **environment):
        self.folder = folder
        self.http_port, self.https_port, self.jobs_port = (
            free_port() for _ in range(3)
        )
        self.cert, key = make_certificate(folder, HOST)
        values = render_nginx.collect_values(
            {
                "CRM_SERVER_NAME": HOST,
                "CRM_TLS_CERT": str(self.cert),
                "CRM_TLS_KEY": str(key),
                "CRM_LISTEN_HTTP": f"127.0.0.1:{self.http_port}",
                "CRM_LISTEN_HTTPS": f"127.0.0.1:{self.https_port}",
                "CRM_LISTEN_JOBS": f"127.0.0.1:{self.jobs_port}",
                "CRM_PUBLIC_PORT": f":{self.https_port}",
                "CRM_ODOO_HTTP": odoo,
                "CRM_ODOO_WEBSOCKET": websocket,
                "CRM_PROXY_CACHE": str(folder / "cache"),
                "CRM_ACME_ROOT": str(folder),
                "CRM_ACCESS_LOG": str(folder / "access.log"),
                **environment,
            }
        )
        # As root, nginx would give its workers a user who cannot enter `folder`.
        user = "user root;\n" if os.geteuid() == 0 else ""
        template = render_nginx.TEMPLATE.read_text()
        (folder / "crm.conf").write_text(render_nginx.render(template, values))
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=user))
        self._process = subprocess.Popen(
            [find_nginx(), "-c", str(folder / "nginx.conf")],
            stderr=subprocess.PIPE,
            text=True,
        )
        self._wait()

    def _wait(self):
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(self._process.stderr.read())
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.https_port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("nginx does not listen after 10 s")

    def stop(self):
        self._process.terminate()
        self._process.wait(10)
        self._process.stderr.close()

    def tls_socket(self, version=ssl.TLSVersion.TLSv1_3, name=HOST):
        """A connected TLS socket that trusts only our certificate."""
        context = ssl.create_default_context(cafile=self.cert)
        context.minimum_version = context.maximum_version = version
        raw = socket.create_connection(("127.0.0.1", self.https_port), timeout=10)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return context.wrap_socket(raw, server_hostname=name)
        except OSError:
            raw.close()
            raise

    def ask(self, method, path, body=None, headers=None, host=HOST):
        """One HTTPS request on a connection of its own; returns (answer, body)."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.tls_socket()
        try:
            connection.request(
                method, path, body, {"Host": host, **dict(headers or {})}
            )
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def ask_plain(self, path, host=HOST, port=None, headers=None):
        """One HTTP request; returns the answer, or None when cut without one."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", port or self.http_port, timeout=10
        )
        try:
            connection.request("GET", path, headers={"Host": host, **(headers or {})})
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        except http.client.RemoteDisconnected:
            return None
        finally:
            connection.close()
