#!/usr/bin/env python3
"""Write the reverse proxy's configuration from the environment.

    config/render_nginx.py > /etc/nginx/conf.d/crm.conf

Only names that start with CRM_ are replaced; nginx's own $variables stay.
Standard library only: the proxy's image has no virtual environment.
"""

import os
import re
import string
import sys
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).resolve().parent / "nginx.conf.template"

# Value when the environment says nothing. None: must be given.
DEFAULTS: dict[str, str | None] = {
    "CRM_SERVER_NAME": None,
    "CRM_TLS_CERT": None,
    "CRM_TLS_KEY": None,
    "CRM_TLS_PROTOCOLS": "TLSv1.3",
    "CRM_LISTEN_HTTP": "80",
    "CRM_LISTEN_HTTPS": "443",
    "CRM_LISTEN_JOBS": "127.0.0.1:8068",
    "CRM_PUBLIC_PORT": "",
    "CRM_ODOO_HTTP": "127.0.0.1:8069",
    "CRM_ODOO_WEBSOCKET": "127.0.0.1:8072",
    "CRM_PROXY_CACHE": "/var/cache/nginx/crm",
    "CRM_ACME_ROOT": "/var/www/acme",
    "CRM_ACCESS_LOG": "/var/log/nginx/crm.access.log",
}

_PATH = r"/[A-Za-z0-9_./-]+"
_LISTEN = r"([A-Za-z0-9_.-]+:|\[[0-9a-f:]+\]:)?[0-9]{1,5}"
# A value that nginx would read as something else than one plain word is refused.
ALLOWED: dict[str, str] = {
    "CRM_SERVER_NAME": r"[A-Za-z0-9_.*-]+( [A-Za-z0-9_.*-]+)*",
    "CRM_TLS_CERT": _PATH,
    "CRM_TLS_KEY": _PATH,
    "CRM_TLS_PROTOCOLS": r"(TLSv1\.2 )?TLSv1\.3",
    "CRM_LISTEN_HTTP": _LISTEN,
    "CRM_LISTEN_HTTPS": _LISTEN,
    "CRM_LISTEN_JOBS": _LISTEN,
    "CRM_PUBLIC_PORT": r"(:[0-9]{1,5})?",
    "CRM_ODOO_HTTP": _LISTEN,
    "CRM_ODOO_WEBSOCKET": _LISTEN,
    "CRM_PROXY_CACHE": _PATH,
    "CRM_ACME_ROOT": _PATH,
    "CRM_ACCESS_LOG": rf"{_PATH}|off",
}


def collect_values(environment: Mapping[str, str]) -> dict[str, str]:
    """The value of every placeholder.

    :param environment: names and values; an empty one counts as absent
    :raise ValueError: one sentence that names what is missing or malformed
    """
    values = {}
    for name, default in DEFAULTS.items():
        value = environment.get(name) or default
        if value is None:
            raise ValueError(f"{name} is not set; config/example.env explains it.")
        if not re.fullmatch(ALLOWED[name], value):
            raise ValueError(f"{name} cannot be {value!r}; see config/example.env.")
        values[name] = value
    return values


def render(template: str, values: Mapping[str, str]) -> str:
    """The template with its placeholders filled and everything else untouched."""
    return string.Template(template).safe_substitute(values)


def main() -> int:
    try:
        values = collect_values(os.environ)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(render(TEMPLATE.read_text(), values))
    return 0


if __name__ == "__main__":
    sys.exit(main())
