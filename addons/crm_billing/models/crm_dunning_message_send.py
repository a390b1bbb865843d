from odoo import api, fields, models

from ..lib.dunning_facts import Action, Reason

MAIL_FIELDS = ("body_html", "email_from", "reply_to", "subject")
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "mail_activity_quick_update": True,
}


class CrmDunningMessage(models.Model):
    """How messages leave: rows, documents, mails and tasks of a batch at once."""

    _inherit = "crm.dunning.message"

    @api.model
    def _send_batch(self, company, messages, today):
        """Write the messages of some clients and queue what leaves.

        Everything is in the caller's transaction: a row without its mail, or a mail
        without its row, cannot exist.

        :param messages: `lib.dunning_facts.Message`, one per client
        :return: the records
        """
        engine = self.env["crm.dunning.engine"].with_company(company)
        facts = engine._read_message_facts(company, messages, today)
        quiet = self.sudo().with_company(company).with_context(**QUIET)
        records = quiet.create(
            [
                quiet._prepare_message(company, message, facts, today)
                for message in messages
            ]
        )
        # The indexes speak now, before anything is rendered.
        records.flush_recordset()
        records.line_ids.flush_recordset()
        records.filtered(lambda m: m.channel == "letter")._render_letters()
        records._attach_interest_tables()
        for channel, group in records.grouped("channel").items():
            getattr(group, f"_queue_{channel}")()
        return records

    def _is_already_sent(self, error):
        """Tell whether an error means that another server was faster."""
        diag = getattr(error, "diag", None)
        name = getattr(diag, "constraint_name", "") or ""
        return name.startswith(("crm_dunning_line_once", "crm_dunning_message_one"))

    # === Rows === #

    def _prepare_message(self, company, message, facts, today):
        step = self.env["crm.dunning.step"].browse(message.step.key)
        partner = self.env["res.partner"].browse(message.client.key)
        recipient = facts.recipients[partner.id]
        moves = self.env["account.move"].browse(
            decision.item.key[0] for decision in message.decisions
        )
        is_task = message.action == Action.TASK
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "client_key": partner.id,
            "recipient_id": recipient.id,
            "policy_id": step.policy_id.id,
            "step_id": step.id,
            "date": today,
            "channel": "task" if is_task else step.channel,
            "state": "task" if is_task else "queued",
            "reason": is_task and self._explain_task(message, step, partner),
            "lang": self._pick_lang(recipient, partner, company),
            "responsible_id": step._find_person(company, moves[:1]).id,
            "previous_on": message.client.last_on,
            "mail_address": recipient.email,
            "line_ids": [
                fields.Command.create(
                    self._prepare_line(decision, company, partner, facts, today)
                )
                for decision in message.decisions
            ],
        }

    def _prepare_line(self, decision, company, partner, facts, today):
        key = decision.item.key
        move = self.env["account.move"].browse(key[0])
        due = facts.dues[key]
        late = facts.late.get(key)
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "move_id": key[0],
            "instalment_id": key[1] or False,
            "term": key[2],
            "step_id": decision.step.key,
            "offset_days": decision.step.offset_days,
            "date": today,
            "date_due": due.date_due,
            "currency_id": move.currency_id.id,
            "amount_total": due.total,
            "amount_paid": move.currency_id.round(due.total - due.residual),
            "amount_residual": due.residual,
            "interest": float(late.interest) if late else 0.0,
            "fee": float(late.fee) if late else 0.0,
            "is_covered": decision.is_covered,
        }

    def _pick_lang(self, recipient, partner, company):
        """Language of the client; English when his is not installed."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = recipient.lang or partner.lang or company.partner_id.lang
        if wanted in installed:
            return wanted
        return "en_US" if "en_US" in installed else company.partner_id.lang

    def _explain_task(self, message, step, partner):
        client = partner.name
        if message.reason == Reason.NO_ADDRESS:
            lacks = {
                "mail": self.env._(
                    "%(client)s has no e-mail address: %(step)s could not leave.",
                    client=client,
                    step=step.name,
                ),
                "letter": self.env._(
                    "%(client)s has no postal address: %(step)s could not leave.",
                    client=client,
                    step=step.name,
                ),
                "sms": self.env._(
                    "%(client)s has no phone number: %(step)s could not leave.",
                    client=client,
                    step=step.name,
                ),
            }
            return lacks[step.channel]
        if message.reason == Reason.NO_FIGURES:
            troubles = (d.item.figures_trouble for d in message.decisions)
            return next(text for text in troubles if text)
        return step.task_note or step.name

    # === Channels === #

    def _queue_task(self):
        self._schedule_tasks()
        self._log_on_documents()

    def _queue_mail(self):
        self._queue_mails(self._get_invoice_attachments())

    def _queue_letter(self):
        self.write({"state": "to_post"})
        mailed = self.filtered(
            lambda m: m.step_id.is_letter_mailed and m.recipient_id.email
        )
        mailed._queue_mails(mailed._get_invoice_attachments())
        self._schedule_tasks()
        self._log_on_documents()

    # === Documents === #

    def _render_letters(self):
        """Store the letter of each message, in the language of its client."""
        for message in self:
            name = self.env._(
                "%(step)s %(client)s %(day)s.pdf",
                step=message.step_id.name,
                client=message.partner_id.name,
                day=fields.Date.to_string(message.date),
            )
            message._store_report(message._get_letter_report(), name)

    def _get_letter_report(self):
        self.ensure_one()
        return self.step_id.report_id or self.env.ref(
            "crm_billing.crm_dunning_letter_report"
        )

    def _attach_interest_tables(self):
        """Store how late interest is computed, where the step asks for it."""
        engine = self.env["crm.dunning.engine"]
        for message in self.filtered("step_id.attach_interest"):
            lines = message.line_ids.filtered(lambda line: line.interest or line.fee)
            moves = lines.filtered(lambda line: not line.instalment_id).move_id
            if not moves:
                continue
            name = self.env._(
                "Late interest %(client)s %(day)s.pdf",
                client=message.partner_id.name,
                day=fields.Date.to_string(message.date),
            )
            keys = {(move.id, 0, 0) for move in moves}
            late = engine._get_late_by_key(keys, message.date)
            report = self.env.ref("crm_billing.late_interest_report")
            data = {"late_by_id": {key[0]: found for key, found in late.items()}}
            message._store_report(report, name, moves, data)

    def _store_report(self, report, name, records=None, data=None):
        self.ensure_one()
        reports = self.env["ir.actions.report"].with_context(lang=self.lang)
        ids = (records or self).ids
        content, _kind = reports._render_qweb_pdf(report, ids, data=data)
        attachment = self.env["ir.attachment"].create(
            {
                "name": name.replace("/", "-"),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.attachment_ids += attachment

    def _get_invoice_attachments(self):
        """Return {message id: PDFs of its invoices}; what is missing is made now."""
        asking = self.filtered("step_id.attach_invoice")
        moves = asking.line_ids.move_id
        missing = moves.filtered(lambda move: not move.invoice_pdf_report_id)
        if missing:
            self.env["account.move.send"]._generate_and_send_invoices(
                missing, sending_methods=[]
            )
        return {m.id: m.line_ids.move_id.invoice_pdf_report_id for m in asking}

    # === Mails === #

    def _queue_mails(self, invoices):
        """Write the mails of the messages, with the notifications that follow them.

        The mail is written in the history of the client.
        """
        values = []
        by_template = self.grouped(lambda m: m.step_id.mail_template_id)
        rendered = {}
        for template, group in by_template.items():
            rendered.update(template._generate_template(group.ids, MAIL_FIELDS))
        for message in self:
            files = message.attachment_ids | invoices.get(
                message.id, self.env["ir.attachment"]
            )
            values.append(message._prepare_mail(rendered[message.id], files))
        mails = self.env["mail.mail"].create(values)
        for message, mail in zip(self, mails, strict=True):
            message.mail_id = mail
            message.mail_message_id = mail.mail_message_id
        # Now, not at the next round of the queue.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        self.env["mail.notification"].create(
            [
                {
                    "mail_message_id": message.mail_message_id.id,
                    "mail_mail_id": message.mail_id.id,
                    "res_partner_id": message.recipient_id.id,
                    "notification_type": "email",
                    "notification_status": "ready",
                    "is_read": True,
                }
                for message in self
            ]
        )

    def _prepare_mail(self, texts, files):
        self.ensure_one()
        company = self.company_id
        body = self._wrap_body(texts["body_html"])
        return {
            "subject": texts["subject"],
            "body_html": body,
            "body": body,
            "email_from": texts.get("email_from") or company.email_formatted,
            "reply_to": texts.get("reply_to") or company.email_formatted,
            "author_id": company.partner_id.id,
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "record_name": self.partner_id.name,
            "recipient_ids": [fields.Command.link(self.recipient_id.id)],
            "attachment_ids": [fields.Command.set(files.ids)],
            "mail_server_id": self.step_id.mail_template_id.mail_server_id.id,
            "message_type": "auto_comment",
            "subtype_id": self.env.ref("mail.mt_note").id,
            "is_notification": True,
            "auto_delete": True,
        }

    def _wrap_body(self, body):
        """Put the text in the mail layout of the company, in the client's language."""
        self.ensure_one()
        localized = self.with_context(lang=self.lang)
        return localized.env["mail.render.mixin"]._render_encapsulate(
            "crm_billing.dunning_mail_layout",
            body,
            add_context={"company": self.company_id},
            context_record=localized,
        )
