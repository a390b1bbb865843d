"""Three companies, three currencies, three Stripe accounts on one server."""

import json
import time

import pytest
import requests

from tests.e2e.stripe_world import Business

pytestmark = pytest.mark.alone
# Currency, expected revenue, what Stripe must be asked in the smallest unit.
CASES = [
    ("Marc Girard", "EUR", 1234.56, 123456),
    ("Sophia Lemaire", "CHF", 99.95, 9995),
    ("Julie Moreau", "JPY", 12000, 12000),
]


@pytest.fixture(scope="module")
def businesses(site, stripe):
    """Each with its own keys."""
    made = [Business(site, stripe, name, currency) for name, currency, *_ in CASES]
    for business in made:
        business.open_account()
        business.save_keys()
    return made


def test_each_company_is_paid_on_its_own_account(stripe, businesses):
    leads = []
    for business, (_name, currency, amount, minor) in zip(
        businesses, CASES, strict=True
    ):
        lead_id = business.make_deal(f"Affaire {currency}", amount)
        session = stripe.session(business.ask_link(lead_id)["reference"])
        assert (session["amount_total"], session["currency"]) == (
            minor,
            currency.lower(),
        )
        leads.append((lead_id, session["id"]))
    # Paid in another order than asked.
    for business, (lead_id, session_id) in reversed(
        list(zip(businesses, leads, strict=True))
    ):
        stripe.admin("pay", session=session_id)
        business.wait_state(lead_id, "paid", seconds=10)


def test_nobody_sees_or_settles_the_links_of_another_company(stripe, businesses):
    first, second, _third = businesses
    assert not first.rpc.search(
        "crm.payment.link", ("company_id", "=", second.company_id)
    )
    assert not first.rpc.search("crm.exchange", ("company_id", "=", second.company_id))
    lead_id = first.make_deal("Chez le voisin", 10)
    link = first.ask_link(lead_id)
    # A true event of the first account, brought to the door of the second.
    event = {
        "id": "evt_elsewhere",
        "object": "event",
        "type": "checkout.session.completed",
        "created": int(time.time()),
        "data": {"object": stripe.session(link["reference"])},
    }
    door = second.rpc.read("crm.connection", second.connection_id, "webhook_url")
    answer = requests.post(
        door["webhook_url"],
        data=json.dumps(event),
        headers={"Stripe-Signature": "t=1,v1=00"},
        timeout=20,
    )
    assert answer.status_code == 400
    assert first.state(lead_id) == "waiting"
