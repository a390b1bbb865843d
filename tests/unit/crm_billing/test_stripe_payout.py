import sys
from pathlib import Path

import pytest

from odoo.addons.crm_base.lib.errors import RefusedError, UnavailableError
from odoo.addons.crm_billing.lib.stripe_payout import (
    Role,
    find_wrong_sum,
    read_balance,
    read_movement,
    read_payout,
    role_of,
)
from odoo.addons.crm_billing.providers.stripe_client import StripeConfig
from odoo.addons.crm_billing.providers.stripe_payouts import StripePayoutClient

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.standins.stripe import StripeStandin

KEY = "sk_test_unit_payouts"


@pytest.fixture(scope="module")
def server():
    with StripeStandin() as standin:
        standin.add_account(KEY)
        yield standin


@pytest.fixture
def standin(server):
    server.state.reset()
    return server


@pytest.fixture
def client(standin):
    with StripePayoutClient(StripeConfig(KEY, standin.base_url, False)) as account:
        yield account


def admin(standin, name, **values):
    return standin.admin.call("POST", name, {"secret_key": KEY, **values})


@pytest.mark.parametrize(
    ("kind", "category", "role"),
    [
        ("charge", "charge", Role.PAYMENT),
        ("payment", "charge", Role.PAYMENT),
        ("payment_refund", "refund", Role.REFUND),
        ("adjustment", "dispute", Role.DISPUTE),
        ("adjustment", "dispute_reversal", Role.DISPUTE_WON),
        ("adjustment", "other_adjustment", Role.OTHER),
        ("stripe_fee", "fee", Role.FEE),
        ("payout", "payout", Role.PAYOUT),
        ("payout_failure", "payout_reversal", Role.RETURNED),
        ("brand_new_type", "brand_new", Role.OTHER),
        ("climate_order_purchase", "", Role.OTHER),
    ],
)
def test_role_of_a_movement(kind, category, role):
    assert role_of(kind, category) is role


def test_a_payout_and_its_lines_are_read_page_by_page(standin, client):
    for number in range(1, 104):
        admin(standin, "charge", amount=number * 100)
    made = admin(standin, "payout")
    payout = read_payout(client.retrieve_payout(made["id"]).data)
    assert (payout.currency, payout.status) == ("EUR", "paid")
    assert payout.is_automatic
    assert payout.is_complete
    assert payout.trace_id
    first = client.list_movements(payout_id=payout.remote_id).data
    rows = [read_movement(row) for row in first["data"]]
    assert (len(rows), first["has_more"]) == (100, True)
    rest = client.list_movements(payout_id=payout.remote_id, after=rows[-1].remote_id)
    rows += [read_movement(row) for row in rest.data["data"]]
    assert rest.data["has_more"] is False
    lines = [row for row in rows if row.role is not Role.PAYOUT]
    assert len(lines) == 103
    assert sum(row.net_minor for row in lines) == payout.amount_minor
    assert all(row.payment_intent_id.startswith("pi_") for row in lines)
    assert lines[-1].fees == (("stripe_fee", 27, "Stripe processing fees"),)
    checks = [
        (r.remote_id, r.amount_minor, r.fee_minor, r.fees[0][1], r.net_minor)
        for r in lines
    ]
    assert find_wrong_sum(payout.amount_minor, checks) is None


def test_refunds_and_disputes_lead_to_their_payment(standin, client):
    charge = admin(standin, "charge", amount=5000)
    admin(standin, "refund", charge=charge["id"], amount=1000)
    other = admin(standin, "charge", amount=3000)
    admin(standin, "dispute", charge=other["id"])
    rows = [read_movement(row) for row in client.list_movements().data["data"]]
    found = {row.role: row for row in rows}
    assert found[Role.REFUND].source_id.startswith("re_")
    assert found[Role.REFUND].payment_intent_id == charge["payment_intent"]
    assert found[Role.DISPUTE].payment_intent_id == other["payment_intent"]
    assert (found[Role.DISPUTE].amount_minor, found[Role.DISPUTE].fee_minor) == (
        -3000,
        2000,
    )


def test_payments_in_another_currency_keep_both_amounts(standin, client):
    admin(standin, "charge", amount=10000, currency="usd")
    (row,) = (read_movement(row) for row in client.list_movements().data["data"])
    assert (row.amount_minor, row.currency) == (9200, "EUR")
    assert (row.source_minor, row.source_currency) == (10000, "USD")
    assert row.exchange_rate == 0.92


def test_the_balance_by_currency(standin, client):
    admin(standin, "charge", amount=10000)
    assert read_balance(client.retrieve_balance().data) == {"EUR": (0, 9825)}


def test_payouts_since_a_day(standin, client):
    admin(standin, "charge", amount=10000)
    made = admin(standin, "payout")
    rows = client.list_payouts(made["created"]).data["data"]
    assert [row["id"] for row in rows] == [made["id"]]
    assert client.list_payouts(made["created"] + 9).data["data"] == []


def test_faults_reach_the_error_family(standin, client):
    admin(standin, "charge", amount=10000)
    manual = admin(standin, "payout", amount=100)
    with pytest.raises(RefusedError):
        client.list_movements(payout_id=manual["id"])
    admin(standin, "faults", kind="500")
    with pytest.raises(UnavailableError):
        client.list_payouts(0)


@pytest.mark.parametrize("name", ["object", "id", "amount", "currency", "created"])
def test_other_shapes_are_refused(standin, client, name):
    admin(standin, "charge", amount=10000)
    admin(standin, "payout")
    payout = client.list_payouts(0).data["data"][0]
    row = client.list_movements().data["data"][0]
    for item, read in ((payout, read_payout), (row, read_movement)):
        broken = {key: value for key, value in item.items() if key != name}
        with pytest.raises((KeyError, TypeError, ValueError)):
            read(broken)


@pytest.mark.parametrize(
    ("amount", "rows", "wrong"),
    [
        (98, [("a", 100, 2, 2, 98)], None),
        (0, [], None),
        (99, [("a", 100, 2, 2, 98)], ("", 99, 98)),
        (99, [("a", 100, 2, 2, 99)], ("a", 98, 99)),
        (98, [("a", 100, 2, 3, 98)], ("a", 2, 3)),
        (-22, [("a", -20, 2, 2, -22)], None),
    ],
)
def test_sums_are_checked_to_the_cent(amount, rows, wrong):
    found = find_wrong_sum(amount, rows)
    found = found and (found.remote_id, found.expected, found.found)
    assert found == wrong
