"""The same promises with several processes, as in production."""

import urllib.error
from concurrent.futures import ThreadPoolExecutor

from .test_exchange_crash import deliver, make_connection

EVENTS = [f"evt_{number}" for number in range(40)]
KEYS = [f"key-{number}" for number in range(80)]


def deliver_some(server, connection_id):
    """Post all events; a killed process refuses those it held, as partners know."""

    def post(event):
        try:
            [(status, _seconds)] = deliver([server], connection_id, [event], 1)
        except (urllib.error.URLError, OSError):
            return 0
        return status

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(post, EVENTS))


def test_killed_processes_lose_and_repeat_nothing(site, receiver_class, answer_class):
    script = lambda key, seen: answer_class(delay_seconds=0.03)  # noqa: E731
    with receiver_class(script) as receiver:
        server = site.server(workers=2)
        connection_id = make_connection(server, base_url=receiver.url)
        server.call("crm.connection", "enqueue_many", [connection_id, 0, len(KEYS)])
        site.wait_until(lambda: len(receiver.accepted) >= 20, 60, "nothing is sent")
        assert site.count("state = 'pending'"), "the kill comes in the middle"
        with ThreadPoolExecutor(1) as pool:
            arrivals = pool.submit(deliver_some, server, connection_id)
            assert server.kill_workers() >= 3, "two for requests, one for jobs"
            arrivals.result()
        # The partner sends again what it believes lost.
        statuses = deliver_some(server, connection_id)
        assert set(statuses) == {200}
        total = len(EVENTS) + len(KEYS)
        site.wait_until(
            lambda: site.count("state = 'done'") == total, 90, "work is left"
        )
    assert site.effects() == dict.fromkeys([*EVENTS, *KEYS], 1)
    assert set(receiver.accepted.values()) == {1}
