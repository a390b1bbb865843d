"""What the engine promises when servers die or run side by side.

- an incoming event is processed exactly once, however often and wherever it arrives;
- an outgoing message is never lost, and a receiver that honours the idempotency key
  does its work exactly once.
"""

import hashlib
import hmac
import json
import random
import time
from concurrent.futures import ThreadPoolExecutor

SECRET = "whsec_exchange_tests"
LEASE_SECONDS = 8


def make_connection(server, **values):
    """Create a connection of the test partner; return its id."""
    server.call(
        "ir.config_parameter",
        "set_param",
        ["crm_integrations.lease_seconds", str(LEASE_SECONDS)],
    )
    values = {
        "name": "Partner",
        "provider": "test",
        "webhook_secret": SECRET,
        **values,
    }
    return server.call("crm.connection", "create", [values])


def door_of(server, connection_id):
    """The path of the address where the events of a connection come in."""
    key = server.site.rows(
        "SELECT webhook_key FROM crm_connection WHERE id = %s", connection_id
    )[0][0]
    return f"/crm_integrations_test/webhook/{key}"


def deliver(servers, connection_id, event_ids, at_once=8):
    """Post events as a partner does; return the HTTP statuses and seconds of each."""
    door = door_of(servers[0], connection_id)

    def post(item):
        position, event_id = item
        body = json.dumps({"id": event_id}).encode()
        signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        started = time.monotonic()
        status = servers[position % len(servers)].post(
            door,
            body,
            {"X-Signature": signature, "X-Event-Id": event_id},
        )
        return status, time.monotonic() - started

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(post, enumerate(event_ids)))


def test_1000_events_and_200_duplicates_have_their_effect_once(site):
    server = site.server()
    connection_id = make_connection(server)
    unique = [f"evt_{number}" for number in range(1000)]
    arrivals = unique + random.Random(7).sample(unique, 200)
    random.Random(11).shuffle(arrivals)
    started = time.monotonic()
    answers = deliver([server], connection_id, arrivals)
    accepted_seconds = time.monotonic() - started
    assert {status for status, _seconds in answers} == {200}
    site.wait_until(
        lambda: site.count("state = 'done'") == 1000, 90, "not all events processed"
    )
    total_seconds = time.monotonic() - started
    assert site.count("direction = 'in'") == 1000
    assert site.effects() == dict.fromkeys(unique, 1)
    slow = sorted(seconds for _status, seconds in answers)[int(len(answers) * 0.95)]
    print(
        f"\n1200 posts accepted in {accepted_seconds:.1f} s, p95 {slow * 1000:.0f} ms,"
        f" all processed after {total_seconds:.1f} s"
    )


def test_wrong_signatures_store_nothing(site):
    server = site.server()
    connection_id = make_connection(server)
    without = make_connection(server, name="No secret", webhook_secret=False)
    unknown = "/crm_integrations_test/webhook/unknown"
    for door, refusal in (
        (door_of(server, connection_id), 400),
        (door_of(server, without), 403),
        (unknown, 404),
    ):
        forged = {"X-Signature": hmac.new(b"", b"{}", "sha256").hexdigest()}
        assert server.post(door, b"{}", forged) == refusal
    assert site.count("TRUE") == 0


def test_a_server_killed_while_processing_repeats_no_effect(site):
    server = site.server()
    connection_id = make_connection(server)
    events = [f"evt_{number}" for number in range(300)]
    deliver([server], connection_id, events)
    site.wait_until(lambda: site.count("state = 'done'") > 20, 60, "nothing processed")
    server.kill()
    done_before = site.count("state = 'done'")
    site.restart(server)
    site.wait_until(
        lambda: site.count("state = 'pending'") == 0, 90, "events were forgotten"
    )
    assert site.effects() == dict.fromkeys(events, 1)
    assert site.count("state = 'done'") == 300
    print(f"\nkilled after {done_before} of 300 events")


def test_a_server_killed_twice_among_500_messages_loses_none(
    site, receiver_class, answer_class
):
    script = lambda key, seen: answer_class(delay_seconds=0.03)  # noqa: E731
    with receiver_class(script) as receiver:
        server = site.server()
        connection_id = make_connection(server, base_url=receiver.url)
        for first in range(0, 500, 100):
            server.call("crm.connection", "enqueue_many", [connection_id, first, 100])
        kills = []
        for stop_at in (100, 250):
            site.wait_until(
                lambda stop_at=stop_at: len(receiver.accepted) >= stop_at,
                90,
                "sending does not go on",
            )
            server.kill()
            kills.append(len(receiver.accepted))
            site.restart(server)
        site.wait_until(
            lambda: site.count("state = 'done'") == 500, 120, "messages were lost"
        )
    keys = [f"key-{number}" for number in range(500)]
    assert sorted(receiver.accepted) == sorted(keys)
    assert set(receiver.accepted.values()) == {1}
    assert site.effects() == dict.fromkeys(keys, 1)
    assert all(len(bodies) == 1 for bodies in receiver.bodies.values())
    repeated = [key for key, seen in receiver.seen.items() if seen > 1]
    assert len(repeated) <= 2 * 4, "at most the calls in flight at each kill"
    assert kills[1] < 500, "the kills came in the middle"
    print(f"\nkilled after {kills} messages, asked twice: {len(repeated)}")


def test_two_servers_on_one_database_share_the_work_without_doubles(
    site, receiver_class, answer_class
):
    with receiver_class(lambda key, seen: answer_class()) as receiver:
        servers = [site.server(), site.server()]
        connection_id = make_connection(servers[0], base_url=receiver.url)
        events = [f"evt_{number}" for number in range(150)]
        # Each event reaches both servers, most of them at the same moment.
        twice = [event for event in events for _server in servers]
        answers = deliver(servers, connection_id, twice)
        assert {status for status, _seconds in answers} == {200}
        for number, server in enumerate(servers * 2):
            server.call(
                "crm.connection", "enqueue_many", [connection_id, number * 50, 50]
            )
        site.wait_until(
            lambda: site.count("state = 'done'") == 150 + 200, 90, "work is left"
        )
    keys = [f"key-{number}" for number in range(200)]
    assert site.effects() == dict.fromkeys(events + keys, 1)
    assert dict(receiver.seen) == dict.fromkeys(keys, 1)


def test_slow_and_dead_partners_hold_up_nobody(site, receiver_class, answer_class):
    slow = receiver_class(lambda key, seen: answer_class(delay_seconds=2))
    dead = receiver_class(lambda key, seen: answer_class(0))
    quick = receiver_class()
    with slow, dead, quick:
        server = site.server()
        ids = {
            name: make_connection(server, name=name, base_url=partner.url)
            for name, partner in (
                ("slow", slow), ("slow2", slow), ("slow3", slow),
                ("dead", dead), ("quick", quick),
            )
        }  # fmt: skip
        for name in ("slow", "slow2", "slow3", "dead"):
            server.call("crm.connection", "enqueue_many", [ids[name], 0, 60])
        time.sleep(3)
        started = time.monotonic()
        server.call("crm.connection", "enqueue_many", [ids["quick"], 1000, 20])
        site.wait_until(
            lambda: len(quick.accepted) == 20, 15, "a healthy partner waits"
        )
        print(f"\n20 messages left after {time.monotonic() - started:.1f} s")
        assert site.count("state = 'pending' AND connection_id = %s", ids["slow"])
        assert len(dead.seen) <= 10, "a dead partner is left in peace"
