"""Which addresses may be called and what statuses mean."""

from datetime import datetime, timezone

import pytest

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.lib.http_rules import (
    check_key,
    check_url,
    error_for_status,
    is_public_address,
    parse_retry_after,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:4700::1111", "2a00:1450:4007::200e"]
    # IPv6 forms of a public IPv4 address
    + ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"],
)
def test_open_internet(address):
    assert is_public_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 (an address to refuse, not to listen on)
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "192.0.0.9",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "2606:4700::1111%1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "2001:db8::1",
        "2001::1",
        "3fff::1",
        "100::1",
        "64:ff9b:1::1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::192.168.0.1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:0001::1",
        "2002:0a00:0001::1",
        "not an address",
        "",
        "127.1",
    ],
)
def test_internal_or_nonsense(address):
    assert not is_public_address(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com", "https://example.com"),
        ("https://Example.COM:443/Path?a=1#part", "https://example.com/Path?a=1"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("https://8.8.8.8/x", "https://8.8.8.8/x"),
        ("https://[2606:4700:0::1111]/", "https://[2606:4700::1111]/"),
        ("https://société.fr/", "https://xn--socit-esab.fr/"),
        ("HTTPS://example.com.", "https://example.com."),
    ],
)
def test_good_addresses_are_normalized(url, expected):
    assert check_url(url, allow_http=False, allow_private=False) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com",
        "http://example.com",
        "ftp://example.com",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://example.com",
        "https://",
        "https:///path",
        "https://user@example.com",
        "https://user:pass@example.com",
        "https://good.com\\@10.0.0.1/",
        "https://example.com /x",
        " https://example.com",
        "https://exa\tmple.com",
        "https://example.com\r\nHost: x",
        "https://example.com:0",
        "https://example.com:99999",
        "https://example.com:port",
        "https://exa$mple.com",
        "https://-example.com",
        "https://example..com",
        "https://" + "a" * 300 + ".com",
        "https://localhost",
        "https://LOCALHOST.",
        "https://db.internal",
        "https://nas.local",
        "https://box.home.arpa",
        "https://printer",
        "https://127.0.0.1",
        "https://127.1",
        "https://2130706433",
        "https://0x7f000001",
        "https://0x7f.1",
        "https://0177.0.0.1",
        "https://1.2.3.4.5",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://[::1",
        "https://１２７.０.０.１/",
        "https://ⓛocalhost/",
    ],
)
def test_bad_addresses_are_refused(url):
    with pytest.raises(errors.ConfigurationError):
        check_url(url, allow_http=False, allow_private=False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:12111/v1", "http://localhost:8069", "http://stripe:80/x"]
)
def test_stand_in_of_an_administrator(url):
    check_url(url, allow_http=True, allow_private=True)
    with pytest.raises(errors.ConfigurationError):
        check_url(url, allow_http=True, allow_private=False)
    with pytest.raises(errors.ConfigurationError):
        check_url(url, allow_http=False, allow_private=True)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, errors.RefusedError),
        (302, errors.RefusedError),
        (304, errors.RefusedError),
        (400, errors.RefusedError),
        (401, errors.AuthenticationError),
        (402, errors.RefusedError),
        (403, errors.AuthenticationError),
        (404, errors.RefusedError),
        (408, errors.UnavailableError),
        (409, errors.RefusedError),
        (410, errors.RefusedError),
        (422, errors.RefusedError),
        (425, errors.UnavailableError),
        (429, errors.RateLimitedError),
        (500, errors.UnavailableError),
        (501, errors.RefusedError),
        (502, errors.UnavailableError),
        (503, errors.UnavailableError),
        (504, errors.UnavailableError),
        (599, errors.UnavailableError),
        (999, errors.RefusedError),
    ],
)
def test_statuses(status, kind):
    error = error_for_status(
        status, delay_seconds=7, remote_code="code", request_id="req_1"
    )
    assert type(error) is kind
    assert (error.status, error.remote_code, error.request_id) == (
        status,
        "code",
        "req_1",
    )
    assert getattr(error, "delay_seconds", 7) == 7


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success(status):
    assert error_for_status(status) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("0", 0),
        ("Mon, 01 Mar 2027 12:02:00 GMT", 120),
        ("Mon, 01 Mar 2027 13:00:30 +0100", 30),
        ("Mon, 01 Mar 2027 11:00:00 GMT", 0),
        ("Mon, 01 Mar 2027 12:00:10 -0000", 10),
        ("-5", None),
        ("1.5", None),
        ("1e9", None),
        ("9999999999999999999999", None),
        ("soon", None),
        ("Mon, 99 Mar 2027 12:02:00 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(value, seconds):
    assert parse_retry_after(value, NOW) == seconds


def test_a_key_is_freed_from_the_spaces_around_it():
    assert check_key(" sk-test_1\n") == "sk-test_1"
    assert check_key("") == ""


@pytest.mark.parametrize("key", ["clé", "a b", "a\nb", "sk-\u2011test", "a\x00b"])
def test_a_key_that_no_header_takes_is_refused(key):
    with pytest.raises(errors.ConfigurationError):
        check_key(key)
