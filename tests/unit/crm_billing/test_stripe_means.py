import sys
from pathlib import Path

import pytest

from odoo.addons.crm_base.lib.errors import RefusedError, UnavailableError
from odoo.addons.crm_base.lib.http_rules import HttpLimits
from odoo.addons.crm_billing.lib.link_state import Fact
from odoo.addons.crm_billing.lib.stripe_intent import (
    ChargeRequest,
    build_charge_v1,
    read_intent,
    read_refusal,
)
from odoo.addons.crm_billing.lib.stripe_session import (
    SessionRequest,
    build_session_v1,
    read_refund,
    read_session,
)
from odoo.addons.crm_billing.providers.stripe_client import StripeConfig
from odoo.addons.crm_billing.providers.stripe_means import StripeMeansClient

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.standins.stripe import StripeStandin

KEY = "sk_test_means"
CARD = "4242424242424242"
ASKS_FOR_OWNER = "4000002500003155"
IBAN = "FR1420041010050500013M02606"


@pytest.fixture(scope="module")
def standin():
    with StripeStandin() as server:
        server.add_account(KEY)
        yield server


@pytest.fixture
def client(standin):
    standin.state.reset()
    standin.state.settings.drop_webhooks = True
    config = StripeConfig(KEY, standin.base_url, False, HttpLimits(read_seconds=2))
    with StripeMeansClient(config) as account:
        yield account


@pytest.fixture
def paid(standin, client):
    """Pay a page whose means is to be kept; return what the intent tells."""

    def pay(save=True, **means):
        request = SessionRequest(
            reference="PL1",
            amount_minor=5000,
            currency="EUR",
            description="Site",
            success_url="https://example.com/ok",
            cancel_url="https://example.com/no",
            expires_at=int(standin.state.now()) + 3600,
            email="roux@example.com",
            save_means=save,
        )
        page = client.create_checkout_session(build_session_v1(request), "k-page")
        session = {"session": page.data["id"], **means}
        standin.admin.call("POST", "pay", session)
        done = read_session(client.retrieve_checkout_session(page.data["id"]).data)
        answer = client.retrieve_payment_intent(done.payment_intent_id)
        return read_intent(answer.data)

    return pay


def charge(news, **values):
    return build_charge_v1(
        ChargeRequest(
            **{
                "amount_minor": 1500000,
                "currency": "EUR",
                "customer_id": news.customer_id,
                "method_id": news.method_id,
                "method_type": news.method_type,
                "mandate": news.mandate,
                "description": "INV1",
                "metadata": {"reference": "PL2"},
                **values,
            }
        )
    )


def test_card_of_a_page_is_read_with_its_last_digits(paid):
    news = paid(card=CARD)
    assert (news.method_type, news.brand, news.last4) == ("card", "visa", "4242")
    assert news.fact is Fact.PAID
    assert news.customer_id.startswith("cus_")
    assert news.method_id.startswith("pm_")
    assert news.charge_id.startswith("ch_")


def test_without_the_customers_wish_nothing_is_attached(client, paid):
    news = paid(save=False, card=CARD)
    assert not news.customer_id
    with pytest.raises(RefusedError):
        client.create_refund({"payment_intent": "pi_none"}, "k")
    answer = client.charge_saved_means(charge(news, customer_id="cus_x"), "k2")
    assert read_refusal(answer.data).means_is_dead


def test_saved_card_is_charged_once_for_one_key(standin, client, paid):
    params = charge(paid(card=CARD))
    first = read_intent(client.charge_saved_means(params, "k1").data)
    again = client.charge_saved_means(params, "k1")
    assert again.is_replay
    assert read_intent(again.data).payment_intent_id == first.payment_intent_id
    assert first.fact is Fact.PAID
    assert first.amount_minor == 1500000
    assert first.metadata["reference"] == "PL2"
    account = standin.state.accounts[KEY]
    assert len([c for c in account.all("charge") if c["amount"] == 1500000]) == 1


def test_saved_account_is_processing_and_carries_its_mandate(standin, client, paid):
    news = paid(iban=IBAN)
    assert news.mandate.startswith("mandate_")
    assert news.fact is Fact.PROCESSING
    later = read_intent(client.charge_saved_means(charge(news), "k1").data)
    assert later.fact is Fact.PROCESSING
    assert later.mandate == news.mandate
    standin.admin.call("POST", "revoke_mandate", {"mandate": news.mandate})
    refusal = read_refusal(client.charge_saved_means(charge(news), "k2").data)
    assert refusal.code == "mandate_invalid"
    assert refusal.means_is_dead


def test_bank_that_wants_the_owner_is_told_from_a_refusal(standin, client, paid):
    news = paid(card=ASKS_FOR_OWNER)
    refusal = read_refusal(client.charge_saved_means(charge(news), "k1").data)
    assert refusal.needs_client
    assert not refusal.means_is_dead
    assert refusal.payment_intent_id.startswith("pi_")


def test_declined_card_may_work_another_day_a_lost_one_never(standin, client, paid):
    news = paid(card=CARD)
    standin.admin.call("POST", "faults", {"kind": "card_declined"})
    refusal = read_refusal(client.charge_saved_means(charge(news), "k1").data)
    assert refusal.decline_code == "generic_decline"
    assert not refusal.means_is_dead
    assert not refusal.needs_client
    lost = read_refusal({"code": "card_declined", "decline_code": "lost_card"})
    assert lost.means_is_dead


def test_trouble_on_the_way_is_not_a_refusal(standin, client, paid):
    params = charge(paid(card=CARD))
    standin.admin.call("POST", "faults", {"kind": "500"})
    with pytest.raises(UnavailableError):
        client.charge_saved_means(params, "k1")


def test_amount_stripe_cannot_take_is_our_mistake(client, paid):
    params = charge(paid(card=CARD), amount_minor=1)
    with pytest.raises(RefusedError):
        client.charge_saved_means(params, "k1")


def test_detached_means_is_gone(client, paid):
    news = paid(card=CARD)
    client.detach_payment_method(news.method_id, "k1")
    assert read_refusal(
        client.charge_saved_means(charge(news), "k2").data
    ).means_is_dead
    with pytest.raises(RefusedError):
        client.detach_payment_method(news.method_id, "k3")


def test_refund_names_our_reference(client, paid):
    news = paid(card=CARD)
    params = {
        "payment_intent": news.payment_intent_id,
        "amount": 100,
        "metadata": {"reference": "R-1"},
    }
    refund = read_refund(client.create_refund(params, "k1").data)
    assert (refund.amount_minor, refund.status) == (100, "succeeded")
    assert refund.metadata["reference"] == "R-1"


@pytest.mark.parametrize("item", [{"object": "charge"}, {}, {"object": None}])
def test_another_object_is_no_payment(item):
    with pytest.raises(KeyError):
        read_intent(item)
