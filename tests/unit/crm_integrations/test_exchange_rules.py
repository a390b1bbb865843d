"""States, retries, leases and the circuit breaker, without a server."""

from datetime import datetime, timedelta, timezone

import pytest

from odoo.addons.crm_base.lib import errors
from odoo.addons.crm_base.lib.retry import STANDARD_SCHEDULE, RetrySchedule
from odoo.addons.crm_integrations.lib import exchange as rules

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=timezone.utc)


def decide(code, *, direction="out", attempts=1, rand=0.5, after=None, schedule=None):
    trouble = rules.Trouble(code, "why", retry_after_seconds=after)
    return rules.decide(
        direction,
        trouble,
        attempts,
        now=NOW,
        rand=rand,
        schedule=schedule or STANDARD_SCHEDULE,
    )


class TestStates:
    @pytest.mark.parametrize(
        ("state", "event", "after"),
        [
            ("pending", "succeed", "done"),
            ("pending", "ignore", "ignored"),
            ("pending", "give_up", "failed"),
            ("pending", "postpone", "pending"),
            ("failed", "retry", "pending"),
            ("failed", "ignore", "ignored"),
            ("done", "replay", "pending"),
            ("ignored", "replay", "pending"),
        ],
    )
    def test_allowed_moves(self, state, event, after):
        assert rules.next_state(state, event) == after

    @pytest.mark.parametrize(
        ("state", "event"),
        [
            ("done", "retry"),
            ("done", "ignore"),
            ("done", "succeed"),
            ("done", "give_up"),
            ("ignored", "succeed"),
            ("failed", "succeed"),
            ("failed", "postpone"),
            ("pending", "replay"),
        ],
    )
    def test_everything_else_is_refused(self, state, event):
        assert not rules.allows(state, event)
        with pytest.raises(rules.TransitionError):
            rules.next_state(state, event)

    def test_what_is_closed_moves_only_by_a_person(self):
        by_engine = {"succeed", "postpone", "hold", "give_up"}
        moved = {s for (s, event) in rules.TRANSITIONS if event in by_engine}
        assert moved == {"pending"}


class TestErrors:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (errors.AuthenticationError("x"), "authentication"),
            (errors.ConfigurationError("x"), "configuration"),
            (errors.RateLimitedError("x", delay_seconds=7), "rate_limited"),
            (errors.UnavailableError("x"), "unavailable"),
            (errors.MalformedAnswerError("x"), "malformed"),
            (errors.RefusedError("x", remote_code="no", status=402), "refused"),
            (errors.ClientError("x"), "refused"),
        ],
    )
    def test_each_member_of_the_family_has_its_code(self, error, code):
        trouble = rules.describe_error(error)
        assert trouble.code == code
        assert trouble.message == str(error)

    def test_the_partner_s_delay_and_status_are_kept(self):
        error = errors.RateLimitedError("slow", delay_seconds=7, status=429)
        trouble = rules.describe_error(error)
        assert (trouble.status, trouble.retry_after_seconds) == (429, 7)

    def test_every_code_has_a_rule_both_ways(self):
        codes = {code for _kind, code in rules._CODES}
        codes |= {"business", "internal", "busy"}
        for direction in ("in", "out"):
            assert {c for d, c in rules.RULES if d == direction} == codes


class TestDecisions:
    @pytest.mark.parametrize(
        ("code", "event", "state", "connection"),
        [
            ("authentication", "hold", "pending", "pause"),
            ("unavailable", "postpone", "pending", "slow"),
            ("rate_limited", "postpone", "pending", "slow"),
            ("busy", "postpone", "pending", "none"),
            ("refused", "give_up", "failed", "error"),
            ("malformed", "give_up", "failed", "error"),
            ("configuration", "give_up", "failed", "error"),
            ("business", "give_up", "failed", "none"),
            ("internal", "give_up", "failed", "none"),
        ],
    )
    def test_outgoing(self, code, event, state, connection):
        decision = decide(code)
        assert (decision.event, decision.state) == (event, state)
        assert decision.connection == connection
        assert (decision.next_attempt_at is None) == (state == "failed")

    def test_an_incoming_event_never_pauses_sending(self):
        effects = {
            rule.connection for (d, _c), rule in rules.RULES.items() if d == "in"
        }
        assert effects <= {"none", "error"}

    def test_the_schedule_is_followed(self):
        waits = [
            (decide("unavailable", attempts=n).next_attempt_at - NOW).total_seconds()
            for n in range(1, 10)
        ]
        assert waits == list(STANDARD_SCHEDULE.delays_seconds[1:])

    def test_whole_seconds_so_that_a_row_is_due_when_its_job_starts(self):
        schedule = RetrySchedule((0, 1), 0.5)
        decision = decide("unavailable", rand=0.7, schedule=schedule)
        assert decision.next_attempt_at.microsecond == 0
        assert decision.next_attempt_at == NOW + timedelta(seconds=2)

    def test_the_partner_s_delay_wins_when_longer(self):
        decision = decide("rate_limited", after=600)
        assert decision.next_attempt_at == NOW + timedelta(seconds=600)

    def test_after_the_last_attempt_a_person_decides(self):
        decision = decide("unavailable", attempts=10)
        assert decision.exhausted
        assert decision.state == "failed"
        assert decision.connection == "error"


class TestLeases:
    def test_a_lease_belongs_to_its_sender_until_its_end(self):
        end = rules.lease_end(NOW, 120)
        assert not rules.lease_was_lost(end, NOW + timedelta(seconds=119))
        assert rules.lease_was_lost(end, end)
        assert not rules.lease_was_lost(None, NOW)

    @pytest.mark.parametrize(
        ("state", "mine", "success", "applies"),
        [
            ("pending", True, True, True),
            ("pending", True, False, True),
            ("pending", False, True, True),  # the partner has done it
            ("pending", False, False, False),  # the newer attempt decides
            ("done", True, True, False),
            ("ignored", True, True, False),
            ("failed", False, True, False),
        ],
    )
    def test_whose_result_counts(self, state, mine, success, applies):
        token = "mine" if mine else "other"
        assert rules.result_applies(state, token, "mine", success) is applies


class TestBreaker:
    def test_four_failures_change_nothing(self):
        assert [rules.breaker_pause_seconds(n) for n in range(5)] == [0] * 5

    def test_pauses_double_up_to_a_quarter_of_an_hour(self):
        pauses = [rules.breaker_pause_seconds(n) for n in range(5, 12)]
        assert pauses == [30, 60, 120, 240, 480, 900, 900]
        assert rules.breaker_pause_seconds(10_000) == 900

    def test_the_partner_s_wish_is_obeyed_at_once(self):
        assert rules.breaker_pause_seconds(1, 40) == 40
        assert rules.breaker_pause_seconds(5, 40) == 40
        assert rules.breaker_pause_seconds(5, 10) == 30
        assert rules.breaker_pause_seconds(1, -5) == 0


class TestRetention:
    def test_days_become_instants(self):
        limits = rules.retention_limits(rules.Retention(30, 365, 730), NOW)
        assert limits.bodies_before == NOW - timedelta(days=30)
        assert limits.rows_before == NOW - timedelta(days=365)
        assert limits.failed_before == NOW - timedelta(days=730)

    def test_zero_keeps_for_ever(self):
        limits = rules.retention_limits(rules.Retention(0, 0, 0), NOW)
        assert limits == rules.RetentionLimits()

    def test_failed_rows_never_go_before_the_others(self):
        limits = rules.retention_limits(rules.Retention(1, 100, 10), NOW)
        assert limits.failed_before == limits.rows_before


class TestLockNumbers:
    def test_each_connection_and_kind_has_its_own(self):
        kinds = ("wake_in", "wake_out", "run_in", "run_out")
        keys = {rules.advisory_key(k, c) for k in kinds for c in range(1, 1000)}
        assert len(keys) == 4 * 999

    def test_they_fit_a_bigint(self):
        assert 0 < rules.advisory_key("run_out", 2**31 - 1) < 2**63
