import logging

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

from ..lib.dunning import decide, gather_messages

_logger = logging.getLogger(__name__)

# Clients per transaction: small enough that a payment never waits for long.
SLICE_CLIENTS = 40
# Clients read at once when nothing is written.
SLICE_PREVIEW = 500


class CrmDunningEngine(models.AbstractModel):
    """Runs the reminders of a company, client by client.

    What happens is decided in `lib/dunning.py`; the facts are read in
    `crm_dunning_facts.py`; what leaves is written by `crm.dunning.message`.
    """

    _name = "crm.dunning.engine"
    _description = "Reminder Engine"

    @api.model
    def _get_open_domain(self):
        """Invoices that may be chased."""
        return [
            ("move_type", "=", "out_invoice"),
            ("state", "=", "posted"),
            ("payment_state", "in", ("not_paid", "partial")),
            ("amount_residual", ">", 0),
        ]

    # === Daily run === #

    @api.model
    def _cron_run(self):
        """Send what is due today for the companies whose hour has come.

        Runs every hour: each company has its own zone and its own hour.
        """
        companies = self.env["res.company"].search([("dunning_is_running", "=", True)])
        for company in companies:
            if company._is_dunning_time() and not self._run_company(company):
                return

    def _run_company(self, company):
        """Send today's reminders of a company, a few clients per transaction.

        :return: False when the time of the scheduler is over; it comes back
        """
        engine = self.with_company(company)
        today = company._get_dunning_today()
        client_ids = engine._find_client_ids(company)
        left = engine._commit(remaining=len(client_ids))
        for slice_ids in split_every(SLICE_CLIENTS, client_ids):
            engine._run_clients(company, slice_ids, today)
            left = engine._commit(len(slice_ids))
            self.env.invalidate_all()
            if not left:
                return False
        engine._note_run(company, today)
        engine._commit()
        return True

    def _note_run(self, company, today):
        """Tell that the day is done, unless a run beside this one tells it."""
        self.env.invalidate_all()
        company = company.try_lock_for_update(allow_referencing=True)
        if company and company.dunning_last_run_on != today:
            company.dunning_last_run_on = today

    def _commit(self, processed=0, *, remaining=None):
        """Keep what was done, and tell how much time the scheduler leaves."""
        cron = self.env["ir.cron"]
        return cron._commit_progress(processed, remaining=remaining)

    def _find_client_ids(self, company):
        """Commercial partners with something open, in a stable order."""
        domain = Domain("company_id", "=", company.id) & Domain(self._get_open_domain())
        groups = self.env["account.move"]._read_group(domain, ["commercial_partner_id"])
        return sorted(partner.id for (partner,) in groups if partner)

    def _run_clients(self, company, client_ids, today):
        """Send what is due today to some clients; other servers leave them alone."""
        partners = self.env["res.partner"].browse(client_ids)
        partners = partners.exists().try_lock_for_update(allow_referencing=True)
        if not partners:
            return self.env["crm.dunning.message"]
        decisions = self._decide_clients(company, partners, today)
        messages = gather_messages(decisions)
        return self._send_messages(company, messages, today)

    def _decide_clients(self, company, partners, today):
        """Return the decisions of the day for all open documents of clients."""
        domain = Domain("company_id", "=", company.id) & Domain(self._get_open_domain())
        moves = self.env["account.move"].search(
            domain & Domain("commercial_partner_id", "in", partners.ids)
        )
        return self._decide_moves(company, moves, today)

    def _decide_moves(self, company, moves, today):
        """Return one decision per thing due, for documents of one company."""
        decisions = []
        for policy, items in self._read_items(company, moves, today).items():
            if not policy:
                continue
            rules = policy._prepare_dunning_policy()
            calendar = company._get_dunning_calendar(today, policy._get_closure_spans())
            found = decide(rules, items, calendar, today)
            checked = self._check_figures(found, today)
            if checked is not None:
                found = decide(rules, checked, calendar, today)
            decisions.extend(found)
        return decisions

    # === Sending, each client apart === #

    def _send_messages(self, company, messages, today):
        """Write the messages in one go, or one by one when one of them fails."""
        model = self.env["crm.dunning.message"]
        if not messages:
            return model
        try:
            with self.env.cr.savepoint():
                return model._send_batch(company, messages, today)
        except Exception:
            if len(messages) == 1:
                return self._send_alone(company, messages[0], today)
            # The cause is logged for the client that has it.
            _logger.info("reminders: a batch failed, its clients go one by one")
        self.env.invalidate_all()
        for message in messages:
            model |= self._send_alone(company, message, today)
        return model

    def _send_alone(self, company, message, today):
        model = self.env["crm.dunning.message"]
        try:
            with self.env.cr.savepoint():
                return model._send_batch(company, [message], today)
        except Exception as error:
            self.env.invalidate_all()
            if model._is_already_sent(error):
                _logger.info("reminders: client %s was just served", message.client.key)
                return model
            _logger.exception(
                "reminders: nothing could be sent to client %s", message.client.key
            )
            self._report_failure(company, message, error)
            return model

    def _report_failure(self, company, message, error):
        """Tell the person in charge, once, that a reminder could not be made."""
        step = self.env["crm.dunning.step"].browse(message.step.key)
        move = self.env["account.move"].browse(message.decisions[0].item.key[0])
        summary = self.env._("Reminder not sent")
        known = move.activity_ids.filtered(lambda a: a.summary == summary)
        if known:
            return
        move.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.env._(
                "%(step)s could not be prepared: %(cause)s It is tried again at the"
                " next run; mend the cause or send it by hand.",
                step=step.name,
                cause=str(error).strip()[:500],
            ),
            user_id=step._find_person(company, move).id,
        )

    # === Soon, for clients just released === #

    def _schedule_clients(self, company, partner_ids):
        """Decide again for some clients, when today's run is already over."""
        # sudo: a client may have closed his ticket himself
        company = company.sudo()
        if not (company.dunning_is_running and partner_ids):
            return
        if company.dunning_last_run_on != company._get_dunning_today():
            return
        key = ",".join(str(partner_id) for partner_id in partner_ids)
        company.with_delay(
            identity_key=f"crm_dunning:{company.id}:{key}", max_retries=3
        )._job_run_dunning(partner_ids)

    # === Looking ahead === #

    def _preview(self, company, day):
        """Return the decisions of a day; nothing is written, nothing leaves."""
        # sudo: the access to the preview was checked; it shows what the run will do
        engine = self.sudo()
        domain = Domain("company_id", "=", company.id) & Domain(self._get_open_domain())
        moves = engine.env["account.move"].search(domain)
        decisions = []
        for ids in split_every(SLICE_PREVIEW, self._group_ids_by_client(moves)):
            together = engine.env["account.move"].browse(
                move_id for client_ids in ids for move_id in client_ids
            )
            decisions.extend(engine._decide_moves(company, together, day))
        return decisions

    def _group_ids_by_client(self, moves):
        return [group.ids for group in moves.grouped("commercial_partner_id").values()]
