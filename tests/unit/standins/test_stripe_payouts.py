"""Fees, balance and payouts of the stand-in, as an account in France sees them."""

import sys
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from tests.standins.stripe import StripeStandin, memory  # noqa: E402

KEY = "sk_test_payouts"


@pytest.fixture
def standin():
    with StripeStandin() as server:
        server.add_account(KEY)
        yield server


def get(standin, path, **params):
    return requests.get(
        standin.base_url + path, params=params, auth=(KEY, ""), timeout=5
    )


def admin(standin, route, **values):
    url = f"{standin.base_url}/_standin/{route}"
    answer = requests.post(url, json={"secret_key": KEY, **values}, timeout=5)
    return answer.json()


def balance(standin):
    answer = get(standin, "/v1/balance").json()
    return tuple(
        sum(row["amount"] for row in answer[name]) for name in ("available", "pending")
    )


def kinds(standin):
    return [event["type"] for event in standin.state.accounts[KEY].events]


@pytest.mark.parametrize(
    ("amount", "fee"), [(12000, 205), (50, 26), (360000, 5425), (1010, 40)]
)
def test_a_card_costs_one_and_a_half_percent_plus_a_quarter(standin, amount, fee):
    charge = admin(standin, "charge", amount=amount)
    path = f"/v1/balance_transactions/{charge['balance_transaction']}"
    row = get(standin, path).json()
    assert (row["amount"], row["fee"], row["net"]) == (amount, fee, amount - fee)
    assert (row["type"], row["status"]) == ("charge", "pending")
    assert row["source"] == charge["id"]
    assert balance(standin) == (0, amount - fee)


def test_another_currency_is_changed_and_zero_decimals_are_counted_whole(standin):
    standin.state.settings.rates = {"jpy": 0.006, "usd": 0.9}
    for currency, amount in (("jpy", 10000), ("usd", 10000)):
        admin(standin, "charge", amount=amount, currency=currency)
    usd, jpy = get(standin, "/v1/balance_transactions").json()["data"]
    assert (jpy["amount"], jpy["currency"], jpy["exchange_rate"]) == (
        6000,
        "eur",
        0.006,
    )
    assert (usd["amount"], usd["fee"], usd["exchange_rate"]) == (9000, 160, 0.9)


def test_a_payout_holds_its_lines_and_its_own_negative_one(standin):
    charges = [admin(standin, "charge", amount=1000 * n) for n in (1, 2, 3)]
    first = admin(standin, "payout", limit=2)
    second = admin(standin, "payout")
    rows = get(standin, "/v1/balance_transactions", payout=first["id"]).json()["data"]
    assert [row["type"] for row in rows] == ["payout", "charge", "charge"]
    assert sum(row["net"] for row in rows) == 0
    assert {row["source"] for row in rows[1:]} == {c["id"] for c in charges[:2]}
    assert (first["status"], first["reconciliation_status"]) == ("paid", "completed")
    assert first["trace_id"]["value"] != second["trace_id"]["value"]
    assert balance(standin) == (0, 0)
    assert kinds(standin)[-8:-4] == [
        "payout.created",
        "payout.updated",
        "payout.paid",
        "payout.reconciliation_completed",
    ]
    assert "error" in admin(standin, "payout"), "nothing is left"


def test_lists_come_in_pages_and_sources_unfolded(standin):
    for number in range(1, 6):
        admin(standin, "charge", amount=number * 100)
    path = "/v1/balance_transactions"
    page = get(standin, path, limit=2, **{"expand[]": "data.source"}).json()
    assert page["has_more"] is True
    assert page["data"][0]["source"]["payment_intent"].startswith("pi_")
    last = page["data"][-1]["id"]
    more = get(standin, path, limit=100, starting_after=last).json()
    assert (len(more["data"]), more["has_more"]) == (3, False)


def test_manual_payouts_cannot_be_broken_down(standin):
    admin(standin, "charge", amount=10000)
    payout = admin(standin, "payout", amount=5000)
    assert payout["automatic"] is False
    answer = get(standin, "/v1/balance_transactions", payout=payout["id"])
    assert answer.status_code == 400
    assert balance(standin) == (-5000, 9825)


def test_refunds_disputes_and_their_fee_are_in_the_balance(standin):
    charge = admin(standin, "charge", amount=10000)
    admin(standin, "refund", charge=charge["id"], amount=4000)
    other = admin(standin, "charge", amount=2000)
    dispute = admin(standin, "dispute", charge=other["id"])
    rows = get(standin, "/v1/balance_transactions").json()["data"]
    assert [(r["type"], r["amount"], r["fee"]) for r in rows[::-1]] == [
        ("charge", 10000, 175),
        ("refund", -4000, 0),
        ("charge", 2000, 55),
        ("adjustment", -2000, 2000),
    ]
    payout = admin(standin, "payout")
    assert payout["amount"] == 3770
    admin(standin, "close_dispute", dispute=dispute["id"], status="won")
    assert admin(standin, "payout")["amount"] == 2000


def test_a_failed_payout_is_in_the_balance_again(standin):
    admin(standin, "charge", amount=10000)
    payout = admin(standin, "payout")
    failed = admin(standin, "fail_payout", payout=payout["id"])
    assert (failed["status"], failed["failure_code"]) == ("failed", "account_closed")
    again = admin(standin, "payout")
    assert again["amount"] == payout["amount"]
    rows = get(standin, "/v1/balance_transactions", payout=again["id"]).json()["data"]
    assert {row["type"] for row in rows} == {"payout", "payout_failure"}


def test_faults_late_breakdown_wrong_sum_second_page(standin):
    admin(standin, "charge", amount=10000)
    late = admin(standin, "payout", hold=True, status="in_transit", arrival_days=2)
    assert late["reconciliation_status"] == "in_progress"
    done = admin(standin, "update_payout", payout=late["id"], status="paid")
    assert done["reconciliation_status"] == "completed"
    admin(standin, "add_transaction", type="stripe_fee", amount=-300)
    wrong = admin(standin, "payout", skew=1, trace_id=False)
    assert (wrong["amount"], wrong["trace_id"]["value"]) == (-299, None)
    admin(standin, "faults", kind="500", path="/v1/balance_transactions", skip=1)
    codes = [get(standin, "/v1/balance_transactions").status_code for _n in range(3)]
    assert codes == [200, 500, 200]


def test_payouts_outlive_the_process(standin, tmp_path):
    admin(standin, "charge", amount=10000)
    payout = admin(standin, "payout")
    memory.save(standin.state, tmp_path / "kept.json")
    with StripeStandin() as other:
        other.add_account(KEY)
        memory.load(other.state, tmp_path / "kept.json")
        rows = get(other, "/v1/balance_transactions", payout=payout["id"]).json()
        assert len(rows["data"]) == 2
