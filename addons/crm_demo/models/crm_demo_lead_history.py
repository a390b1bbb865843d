from odoo import Command, models


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _write_stage_history(self, leads, walks, lost_instants):
        """Write the thread entries that stage changes would have left.

        :param leads: the deals
        :param walks: per deal, its (stage, instant entered) pairs, oldest first
        :param lost_instants: per deal, when it was lost, or None
        """
        values, instants, authors = [], [], []
        for lead, walk, lost_at in zip(leads, walks, lost_instants, strict=True):
            entries = [self._prepare_entry(lead, "crm.mt_lead_create", walk[0][1])]
            entries += [
                self._prepare_stage_change(lead, before[0], after)
                for before, after in zip(walk, walk[1:], strict=False)
            ]
            if lost_at:
                entries.append(self._prepare_loss(lead, lost_at))
            values += entries
            instants += [entry["date"] for entry in entries]
            authors += [lead.user_id.id] * len(entries)
        messages = self.env["mail.message"].create(values)
        self._backdate(messages, {"create_date": instants, "create_uid": authors})
        trackings = messages.sudo().tracking_value_ids
        self._backdate(
            trackings,
            {"create_date": [entry.mail_message_id.date for entry in trackings]},
        )

    def _prepare_entry(self, lead, subtype, entry_at):
        return {
            "model": "crm.lead",
            "res_id": lead.id,
            "message_type": "notification",
            "subtype_id": self.env.ref(subtype).id,
            "author_id": lead.user_id.partner_id.id,
            "email_from": lead.user_id.partner_id.email_formatted,
            "date": entry_at,
            "record_name": lead.name,
        }

    def _prepare_stage_change(self, lead, before, after):
        stage, entered_at = after
        is_won = stage == "gagne"
        subtype = "crm.mt_lead_won" if is_won else "crm.mt_lead_stage"
        old, new = self._recall("stage", before), self._recall("stage", stage)
        return self._prepare_entry(lead, subtype, entered_at) | {
            "tracking_value_ids": [self._prepare_tracking("stage_id", old, new)]
        }

    def _prepare_loss(self, lead, lost_at):
        reason = lead.lost_reason_id
        return self._prepare_entry(lead, "crm.mt_lead_lost", lost_at) | {
            "tracking_value_ids": [
                self._prepare_tracking("lost_reason_id", reason.browse(), reason)
            ]
        }

    def _prepare_tracking(self, field_name, old, new):
        field = self.env["ir.model.fields"]._get("crm.lead", field_name)
        return Command.create(
            {
                "field_id": field.id,
                "old_value_integer": old.id,
                "old_value_char": old.name or "",
                "new_value_integer": new.id,
                "new_value_char": new.name,
            }
        )

    def _write_note(self, record, text, written_at):
        """Leave an internal note of the record's owner in its thread."""
        owner = record.user_id
        note = self.env["mail.message"].create(
            {
                "model": record._name,
                "res_id": record.id,
                "message_type": "comment",
                "subtype_id": self.env.ref("mail.mt_note").id,
                "author_id": owner.partner_id.id,
                "email_from": owner.partner_id.email_formatted,
                "date": written_at,
                "body": text,
                "record_name": record.display_name,
            }
        )
        self._backdate(note, {"create_date": [written_at], "create_uid": [owner.id]})
