from odoo import fields, models

from ..lib.collection_file import MailCopy, Part, build_eml

PROOF_KINDS = ("posting_proof_ids", "receipt_proof_ids", "attachment_ids")


class CrmCollectionFile(models.Model):
    """Reminders with the proof that they left and arrived."""

    _inherit = "crm.collection.file"

    def _iter_reminder_parts(self):
        lines = self.env["crm.dunning.line"].search(
            [
                ("move_id", "in", self.move_ids.ids),
                ("company_id", "=", self.company_id.id),
            ],
            order="date, id",
        )
        for message in lines.message_id.sorted(lambda m: (m.date, m.id)):
            yield from self._iter_message_parts(message, lines)
        for line in lines.filtered(lambda line: not line.message_id):
            yield Part(
                "reminder",
                title=line.step_id.name,
                day=line.date,
                document=line._get_document_name(),
                note=line.note or self._get_state_label(line),
            )

    def _iter_message_parts(self, message, lines):
        documents = ", ".join(
            line._get_document_name() for line in lines if line.message_id == message
        )
        facts = {
            "section": "reminder",
            "title": message.step_id.name,
            "day": message.date,
            "document": documents,
        }
        note = self._get_proof_note(message)
        prefix = f"{message.date} {message.step_id.name}"
        has_file = False
        # A letter is mailed too; a text message is no mail.
        if message.mail_message_id and message.channel in ("mail", "letter"):
            has_file = True
            yield Part(
                name=f"{prefix}.eml",
                content=build_eml(self._copy_mail(message)),
                note=note,
                **facts,
            )
        for attachments in (message[name] for name in PROOF_KINDS):
            for attachment in attachments:
                has_file = True
                yield Part(
                    name=f"{prefix} {attachment.name}",
                    content=self._get_attachment_content(attachment),
                    note=note,
                    **{**facts, "title": f"{facts['title']}: {attachment.name}"},
                )
        if not has_file:
            yield Part(note=note, **facts)

    def _get_state_label(self, record):
        return dict(record._fields["state"]._description_selection(self.env)).get(
            record.state, ""
        )

    def _get_proof_note(self, message):
        """Say how it left, when, to whom, and what proves that it arrived."""
        words = [self._get_state_label(message)]
        if message.sent_at:
            words.append(fields.Datetime.to_string(message.sent_at) + " UTC")
        facts = (
            (self.env._("to"), message.mail_address),
            (self.env._("message"), message.mail_message_id.message_id),
            (self.env._("registered letter"), message.letter_number),
            (self.env._("posted on"), message.letter_posted_on),
            (self.env._("received on"), message.letter_received_on),
            (self.env._("refused"), message.failure),
        )
        words += [f"{label} {value}" for label, value in facts if value]
        return ", ".join(words)

    def _copy_mail(self, message):
        mail = message.mail_message_id
        recipients = message.mail_address or ", ".join(
            mail.partner_ids.mapped("email_formatted")
        )
        return MailCopy(
            subject=mail.subject or mail.record_name or "",
            sender=mail.email_from or "",
            recipients=[recipients] if recipients else [],
            sent_at=message.sent_at or mail.date,
            message_id=mail.message_id or "",
            html=str(mail.body or ""),
            attachments=[
                (a.name, a.mimetype or "", a.raw or b"") for a in mail.attachment_ids
            ],
        )
