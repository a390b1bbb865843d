import pytest

from odoo.addons.report_chromium.lib.assets import drop_breakpoints, find_own_path

OWN = ["https://crm.test", "http://127.0.0.1:8069/"]


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://crm.test/web/image/1?w=2", "/web/image/1?w=2"),
        ("https://CRM.test:443", "/"),
        ("http://127.0.0.1:8069/a%20b", "/a%20b"),
        ("http://crm.test/x", None),
        ("https://crm.test:8443/x", None),
        ("https://crm.test.evil.test/x", None),
        ("https://crm.test@evil.test/x", None),
        ("https://evil.test/https://crm.test/x", None),
        ("http://127.0.0.1:5432/x", None),
        ("http://[::1]:8069/x", None),
        ("file:///etc/passwd", None),
        ("file://crm.test/etc/passwd", None),
        ("ftp://crm.test/x", None),
        ("data:text/html,x", None),
        ("https://crm.test:99999999/x", None),
        ("http://[broken/x", None),
        ("", None),
    ],
)
def test_only_the_own_server_has_a_path(url, path):
    assert find_own_path(url, OWN) == path


def test_no_own_address_means_no_path():
    assert find_own_path("http:///x", ["", "nonsense"]) is None


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (b"@media (min-width: 576px){a{b:c}}", b"@media not all{a{b:c}}"),
        (b"@media screen and (min-width:1px) {a{}}", b"@media not all{a{}}"),
        (b"@media print{a{}}", b"@media print{a{}}"),
        (b"@media (max-width: 9px){a{}}", b"@media (max-width: 9px){a{}}"),
        (b"a{min-width: 5px}", b"a{min-width: 5px}"),
    ],
)
def test_rules_for_wide_screens_are_off(style, expected):
    assert drop_breakpoints(style) == expected
