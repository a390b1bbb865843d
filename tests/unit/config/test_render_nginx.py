import re
from pathlib import Path

import pytest

from config import render_nginx

GIVEN = {
    "CRM_SERVER_NAME": "crm.example.org www.crm.example.org",
    "CRM_TLS_CERT": "/etc/tls/cert.pem",
    "CRM_TLS_KEY": "/etc/tls/key.pem",
}
TEMPLATE = render_nginx.TEMPLATE.read_text()
EXAMPLE = Path(render_nginx.TEMPLATE).with_name("example.env").read_text()


def test_every_placeholder_is_filled_and_nginx_variables_stay():
    rendered = render_nginx.render(TEMPLATE, render_nginx.collect_values(GIVEN))
    assert "${CRM_" not in rendered
    assert "server_name crm.example.org www.crm.example.org;" in rendered
    for variable in ("$host", "$remote_addr", "$http_upgrade", "${request_time}s"):
        assert variable in rendered


def test_every_value_is_used_by_the_template():
    used = set(re.findall(r"\$\{(CRM_\w+)\}", TEMPLATE))
    assert used == set(render_nginx.DEFAULTS) == set(render_nginx.ALLOWED)


def test_every_value_is_explained():
    for name in render_nginx.DEFAULTS:
        assert re.search(rf"^#?{name}=", EXAMPLE, re.MULTILINE), name


def test_the_example_is_accepted_and_speaks_tls_1_3_only():
    pairs = (line.split("=", 1) for line in EXAMPLE.splitlines() if "=" in line)
    example = {name.lstrip("#"): value for name, value in pairs}
    values = render_nginx.collect_values(example)
    assert values["CRM_TLS_PROTOCOLS"] == "TLSv1.3"


@pytest.mark.parametrize(
    "name", [name for name, default in render_nginx.DEFAULTS.items() if default is None]
)
def test_what_has_no_default_must_be_given(name):
    with pytest.raises(ValueError, match=name):
        render_nginx.collect_values({**GIVEN, name: ""})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRM_SERVER_NAME", "a.example; return 200"),
        ("CRM_SERVER_NAME", "a.example\nb"),
        ("CRM_TLS_KEY", "relative/key.pem"),
        ("CRM_LISTEN_HTTPS", "443 default_server"),
        ("CRM_PUBLIC_PORT", "8443"),
        ("CRM_TLS_PROTOCOLS", "SSLv3"),
    ],
)
def test_a_value_that_would_change_the_configuration_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        render_nginx.collect_values({**GIVEN, name: value})
