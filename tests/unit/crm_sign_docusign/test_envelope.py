"""A request becomes an envelope made of strings."""

import dataclasses

import pytest

from odoo.addons.crm_sign_docusign import const
from odoo.addons.crm_sign_docusign.lib.envelope import (
    Document,
    Envelope,
    Signer,
    build_envelope_v1,
    shorten,
    split_phone,
)

ENVELOPE = Envelope(
    reference="ABCD-EFGH/1",
    transaction_id="0e4fd8a6-0000-4000-8000-000000000001",
    subject="Proposition 2026",
    message="Bonjour",
    documents=(Document("11", "Proposition.pdf"), Document("12", "Annexe.pdf")),
    signers=(
        Signer("21", "Luc Roux", "luc@roux.example", 1, lang="fr_FR"),
        Signer("22", "Eva Roux", "eva@roux.example", 2),
    ),
)


def build(**values):
    return build_envelope_v1(
        dataclasses.replace(ENVELOPE, **values),
        reference_field=const.REFERENCE_FIELD,
        events=const.CONNECT_EVENTS,
        subject_length=const.SUBJECT_LENGTH,
        message_length=const.MESSAGE_LENGTH,
    )


def leaves(value):
    if isinstance(value, dict):
        return [leaf for child in value.values() for leaf in leaves(child)]
    if isinstance(value, list):
        return [leaf for child in value for leaf in leaves(child)]
    return [value]


def test_every_value_is_a_string():
    made = build(expire_days=12, webhook_url="https://odoo.example/x")
    assert {type(leaf) for leaf in leaves(made)} == {str}


def test_it_starts_as_a_draft_that_we_can_find_again():
    made = build()
    assert made["status"] == "created"
    (custom,) = made["customFields"]["textCustomFields"]
    assert (custom["name"], custom["value"]) == (const.REFERENCE_FIELD, "ABCD-EFGH/1")
    assert made["transactionId"] == ENVELOPE.transaction_id


def test_the_order_of_signing_is_kept():
    signers = build()["recipients"]["signers"]
    assert [s["routingOrder"] for s in signers] == ["1", "2"]


def test_docusign_does_not_remind_by_itself():
    notification = build(expire_days=12)["notification"]
    assert notification["useAccountDefaults"] == "false"
    assert notification["reminders"] == {"reminderEnabled": "false"}
    assert notification["expirations"]["expireAfter"] == "12"
    assert "expirations" not in build()["notification"]


def test_connect_is_asked_only_when_it_can_reach_us():
    assert "eventNotification" not in build()
    asked = build(webhook_url="https://odoo.example/x")["eventNotification"]
    assert (asked["deliveryMode"], asked["includeHMAC"]) == ("SIM", "true")
    assert "envelope-completed" in asked["events"]


def test_languages_that_docusign_does_not_speak_are_left_to_it():
    french, other = build()["recipients"]["signers"]
    assert french["emailNotification"] == {"supportedLanguage": "fr"}
    assert "emailNotification" not in other


def test_a_code_by_sms_and_an_advanced_signature_need_the_phone():
    signer = Signer(
        "21",
        "Luc Roux",
        "luc@roux.example",
        1,
        phone="+33612345678",
        code_sms=True,
        signature_provider="some_tsp",
    )
    made = build(signers=(signer,), phone_workflow="wf")["recipients"]["signers"][0]
    check = made["identityVerification"]
    assert check["workflowId"] == "wf"
    assert check["inputOptions"][0]["phoneNumberList"] == [
        {"countryCode": "33", "number": "612345678"}
    ]
    assert made["recipientSignatureProviders"] == [
        {
            "signatureProviderName": "some_tsp",
            "signatureProviderOptions": {"sms": "+33612345678"},
        }
    ]


@pytest.mark.parametrize(
    ("phone", "parts"),
    [
        ("+33612345678", ("33", "612345678")),
        ("+14155551234", ("1", "4155551234")),
        ("+352621123456", ("352", "621123456")),
        ("+262692123456", ("262", "692123456")),
    ],
)
def test_calling_codes_have_one_to_three_digits(phone, parts):
    assert split_phone(phone) == parts


@pytest.mark.parametrize("phone", ["0612345678", "+33 6", "", "+0612345678"])
def test_other_writings_of_a_number_are_refused(phone):
    with pytest.raises(ValueError):
        split_phone(phone)


def test_a_long_subject_is_cut_with_dots():
    assert shorten("a" * 120, 100) == "a" * 97 + "..."
    assert len(build(subject="mot " * 60)["emailSubject"]) <= 100
