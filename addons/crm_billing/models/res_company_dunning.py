from datetime import datetime, timezone
from functools import lru_cache

import holidays
import pytz

from odoo import fields, models

from ..lib.dunning_calendar import Calendar, expand_closures

# Years around the day asked: a reminder waits a few days, never two years.
YEARS_AHEAD = 2


@lru_cache(maxsize=64)
def _get_public_holidays(country_code, state_code, years):
    """Return weekend and public holidays, None when the country is not known."""
    supported = holidays.list_supported_countries()
    if country_code not in supported:
        return None
    subdivision = state_code if state_code in supported[country_code] else None
    found = holidays.country_holidays(country_code, subdiv=subdivision, years=years)
    return frozenset(found.weekend), frozenset(found)


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_policy_id = fields.Many2one(
        "crm.dunning.policy",
        string="Reminder Policy",
        check_company=True,
        help="Empty: the policy that names the country of the company.",
    )
    dunning_is_running = fields.Boolean(
        string="Reminders Leave",
        help="Off: nothing leaves by itself; the preview still tells what would.",
    )
    dunning_hour = fields.Integer(
        string="Reminders Leave at",
        default=8,
        help="Hour of the day, in the time zone of the company.",
    )
    dunning_last_run_on = fields.Date(
        string="Last Run of the Reminders", readonly=True, copy=False
    )
    dunning_responsible_id = fields.Many2one(
        "res.users",
        string="Person in Charge of Reminders",
        help="Gets the tasks of reminders that no step gives to somebody else.",
    )

    dunning_signatory_id = fields.Many2one(
        "res.users",
        string="Signs Formal Notices",
        help="Somebody entitled to sign for the company; the job position of the"
        " contact is printed. Empty: the letter leaves room for a name.",
    )
    dunning_signature = fields.Image(
        string="Signature on Letters", max_width=800, max_height=300
    )

    _dunning_hour_range = models.Constraint(
        "CHECK(dunning_hour BETWEEN 0 AND 23)",
        "The hour of the reminders is between 0 and 23.",
    )

    # === Clock === #

    def _get_dunning_zone(self):
        """Return the time zone of the company: its contact's, else its country's."""
        self.ensure_one()
        country = self.country_id.code
        names = [self.partner_id.tz, *pytz.country_timezones.get(country or "", [])]
        return pytz.timezone(next((name for name in names if name), "UTC"))

    def _get_dunning_now(self):
        """Return the moment in the zone of the company; the one clock of reminders."""
        now = fields.Datetime.now().replace(tzinfo=timezone.utc)
        return now.astimezone(self._get_dunning_zone())

    def _get_dunning_today(self):
        return self._get_dunning_now().date()

    def _is_dunning_time(self):
        """Tell whether today's reminders should leave now.

        Compared as a day and an hour: an hour skipped by the change of the clock is
        caught by the next one, an hour that comes twice finds the day done.
        """
        self.ensure_one()
        now: datetime = self._get_dunning_now()
        last = self.dunning_last_run_on
        return now.hour >= self.dunning_hour and (not last or last < now.date())

    # === Calendar === #

    def _get_dunning_calendar(self, day, closures=()):
        """Return the open days around a day.

        :param closures: (first day, last day) pairs chosen by the company
        """
        self.ensure_one()
        weekend, closed = frozenset({5, 6}), frozenset()
        known = self._get_dunning_holidays(day)
        if known is not None:
            weekend, closed = known
        return Calendar(weekend, closed | expand_closures(list(closures)))

    def _get_dunning_holidays(self, day):
        years = tuple(range(day.year, day.year + YEARS_AHEAD))
        address = self.partner_id
        return _get_public_holidays(
            self.country_id.code or "", address.state_id.code or "", years
        )

    def _get_dunning_calendar_trouble(self):
        """Say when public holidays are not known, False when they are."""
        self.ensure_one()
        if self._get_dunning_holidays(self._get_dunning_today()) is not None:
            return False
        if not self.country_id:
            return self.env._(
                "%(company)s has no country: reminders skip weekends but know no"
                " public holiday. Set the country of the company.",
                company=self.name,
            )
        return self.env._(
            "The public holidays of %(country)s are not known: reminders skip weekends"
            " only. Enter the closed days as closures.",
            country=self.country_id.name,
        )

    # === Policy === #

    def _get_dunning_policy(self):
        """Return the company's policy, or the one made for its country."""
        self.ensure_one()
        if self.dunning_policy_id.active:
            return self.dunning_policy_id
        # sudo: read by everybody who sees an invoice
        policies = self.env["crm.dunning.policy"].sudo()
        own_or_shared = [("company_id", "in", (False, self.id))]
        country = [("country_id", "in", (False, self.country_id.id))]
        found = policies.search([*own_or_shared, *country, ("is_default", "=", True)])
        # What is closest to the company first.
        found = found.sorted(
            lambda p: (not p.company_id, not p.country_id, p.sequence, p.id)
        )
        return found[:1]

    # === Run of some clients === #

    def _job_run_dunning(self, client_ids):
        """Decide again for clients whose documents were just released."""
        self.ensure_one()
        if not self.dunning_is_running:
            return
        engine = self.env["crm.dunning.engine"].with_company(self)
        engine._run_clients(self, client_ids, self._get_dunning_today())
