#!/usr/bin/env python3
"""Health check of a container: health.py PORT [HOST-NAME-FOR-TLS]

Asks /web/health on this container's own port. With a host name the connection
is TLS; the certificate is not judged, since it may be the first, self-signed one.
"""

import http.client
import socket
import ssl
import sys


def is_healthy(port: int, tls_name: str | None) -> bool:
    """Whether the server answers 200 within 5 seconds."""
    raw = socket.create_connection(("127.0.0.1", port), timeout=5)
    connection = http.client.HTTPConnection(tls_name or "127.0.0.1", timeout=5)
    connection.sock = raw
    if tls_name:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection.sock = context.wrap_socket(raw, server_hostname=tls_name)
    connection.request("GET", "/web/health")
    return connection.getresponse().status == 200


if __name__ == "__main__":
    name = sys.argv[2].split()[0] if len(sys.argv) > 2 else None
    try:
        healthy = is_healthy(int(sys.argv[1]), name)
    except OSError as error:
        sys.exit(f"no answer: {error}")
    sys.exit(0 if healthy else "the server answers, but not well")
