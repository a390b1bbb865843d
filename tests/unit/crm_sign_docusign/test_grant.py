"""The signed assertion, and what the sign-in host refuses."""

import base64
import json

import pytest

from odoo.addons.crm_base.lib.errors import ConfigurationError
from odoo.addons.crm_sign_docusign.lib.grant import build_assertion, consent_url

from tests.standins.docusign import make_keys

FACTS = {
    "integration_key": "app",
    "user_guid": "user",
    "oauth_url": "https://account-d.docusign.com",
    "scope": "signature impersonation",
    "now": 1_790_000_000,
}


def decode(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_the_audience_is_the_host_without_its_scheme(keys):
    head, body, _signature = build_assertion(keys[0], **FACTS).split(".")
    assert decode(head) == {"alg": "RS256", "typ": "JWT"}
    claims = decode(body)
    assert claims["aud"] == "account-d.docusign.com"
    assert (claims["iss"], claims["sub"]) == ("app", "user")
    assert claims["exp"] - claims["iat"] <= 3600


def test_what_is_no_key_is_a_matter_of_settings(keys):
    cut = keys[0][:200]
    emptied = "\n".join([keys[0].splitlines()[0], "AAAA", keys[0].splitlines()[-1]])
    for pem in ("", "not a key", cut, emptied):
        with pytest.raises(ConfigurationError):
            build_assertion(pem, **FACTS)


def test_a_key_pasted_into_one_line_is_the_same_key(keys):
    glued = keys[0].replace("\n", "")
    spaced = "  " + keys[0].replace("\n", " ")
    wanted = build_assertion(keys[0], **FACTS)
    assert wanted == build_assertion(glued, **FACTS) == build_assertion(spaced, **FACTS)


def test_a_public_key_in_its_place_is_said(keys):
    with pytest.raises(ConfigurationError):
        build_assertion(keys[1], **FACTS)


def test_the_stand_in_verifies_the_signature_for_real(standin, customer, keys):
    other, _public = make_keys()
    facts = FACTS | {
        "integration_key": customer["integration_key"],
        "user_guid": customer["user"],
        "oauth_url": standin.base_url,
    }
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    good = build_assertion(keys[0], **facts)
    assert standin.sign_in.token({"grant_type": grant, "assertion": good})
    for assertion, reason in (
        (build_assertion(other, **facts), "no_valid_keys_or_signatures"),
        (build_assertion(keys[0], **facts | {"now": 1}), "expired_grant"),
        (good[:-4] + "AAAA", "no_valid_keys_or_signatures"),
        ("a.b", "assertion_malformed"),
    ):
        with pytest.raises(Exception) as caught:
            standin.sign_in.token({"grant_type": grant, "assertion": assertion})
        assert caught.value.description == reason


def test_the_consent_link_carries_scope_and_return_address():
    link = consent_url(
        "https://account.docusign.com/", "app", "signature impersonation", "https://x/y"
    )
    assert link == (
        "https://account.docusign.com/oauth/auth?response_type=code"
        "&scope=signature+impersonation&client_id=app&redirect_uri=https%3A%2F%2Fx%2Fy"
    )
