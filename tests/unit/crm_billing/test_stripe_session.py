import pytest

from odoo.addons.crm_billing.lib import stripe_session as shapes
from odoo.addons.crm_billing.lib.link_state import Fact


def request(**values):
    values = {
        "reference": "PL00001",
        "amount_minor": 360000,
        "currency": "EUR",
        "description": "Site Roux",
        "success_url": "https://example.com/ok",
        "cancel_url": "https://example.com/no",
        "expires_at": 1_800_000_000,
        **values,
    }
    return shapes.SessionRequest(**values)


def session(**values):
    return {
        "object": "checkout.session",
        "id": "cs_test_1",
        "status": "open",
        "payment_status": "unpaid",
        "amount_total": 360000,
        "currency": "eur",
        "payment_intent": None,
        **values,
    }


def test_what_is_asked_v1():
    params = shapes.build_session_v1(
        request(
            email="roux@example.com",
            language="fr_FR",
            metadata={"link": "PL1", "x": ""},
        )
    )
    assert params == {
        "mode": "payment",
        "client_reference_id": "PL00001",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 360000,
                    "product_data": {"name": "Site Roux"},
                },
            }
        ],
        "success_url": "https://example.com/ok",
        "cancel_url": "https://example.com/no",
        "expires_at": 1_800_000_000,
        "metadata": {"link": "PL1"},
        "payment_intent_data": {"metadata": {"link": "PL1"}},
        "customer_email": "roux@example.com",
        "locale": "fr",
    }


def test_limits_of_stripe_are_kept():
    params = shapes.build_session_v1(
        request(
            reference="R" * 300,
            description=" ",
            language="xx_XX",
            metadata={"name": "n" * 900},
        )
    )
    assert len(params["client_reference_id"]) == 200
    assert len(params["metadata"]["name"]) == 500
    name = params["line_items"][0]["price_data"]["product_data"]["name"]
    assert name == "R" * 300
    assert "locale" not in params
    assert "customer_email" not in params


@pytest.mark.parametrize(
    ("values", "event_type", "fact"),
    [
        ({}, "", None),
        ({"status": "expired"}, "", Fact.EXPIRED),
        ({"status": "complete", "payment_status": "paid"}, "", Fact.PAID),
        ({"status": "complete"}, "checkout.session.completed", Fact.PROCESSING),
        (
            {"status": "complete"},
            "checkout.session.async_payment_failed",
            Fact.PAYMENT_FAILED,
        ),
        (
            {
                "status": "complete",
                "payment_intent": {"id": "pi_1", "status": "requires_payment_method"},
            },
            "",
            Fact.PAYMENT_FAILED,
        ),
        (
            {
                "status": "complete",
                "payment_intent": {"id": "pi_1", "status": "processing"},
            },
            "",
            Fact.PROCESSING,
        ),
        ({"status": "something_new"}, "", None),
    ],
)
def test_what_a_session_says(values, event_type, fact):
    news = shapes.read_session(session(**values), event_type)
    assert news.fact is fact
    assert news.currency == "EUR"


def test_other_objects_are_not_taken_for_what_they_are_not():
    readers = (
        shapes.read_session,
        shapes.read_charge,
        shapes.read_dispute,
        shapes.read_refund,
    )
    for read in readers:
        with pytest.raises((KeyError, TypeError)):
            read({"object": "customer", "id": "cus_1"})
        with pytest.raises((KeyError, TypeError)):
            read({})


def test_unknown_fields_and_values_are_harmless():
    news = shapes.read_dispute(
        {
            "object": "dispute",
            "id": "du_1",
            "amount": 5,
            "currency": "eur",
            "status": "a_status_of_next_year",
            "reason": None,
            "evidence_details": None,
            "new_field": {"a": 1},
        }
    )
    assert news.status == "a_status_of_next_year"
    assert news.due_by == 0
