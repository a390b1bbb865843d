from odoo import models

from ..lib.machine_talk import find_machine_talk


class CrmMeetingSummary(models.Model):
    """What the review screen shows."""

    _inherit = "crm.meeting.summary"

    def get_review(self):
        """Return all that the screen of one summary needs, words included."""
        self.ensure_one()
        self.check_access("read")
        segments = self._get_segments()
        machine_talk = find_machine_talk(segments)
        may_write = self.has_access("write")
        return {
            "id": self.id,
            "state": self.state,
            "can_edit": self.state == "review" and may_write,
            "can_record": self.state in ("draft", "recording")
            and self.user_id == self.env.user,
            "is_purged": self.is_purged,
            "call_id": self.call_id.id,
            "labels": self._get_item_labels(),
            "moods": dict(
                self.env["crm.meeting.item"]
                ._fields["mood"]
                ._description_selection(self.env)
            ),
            "people": [
                {"id": user.id, "name": user.name} for user in self._get_people()
            ],
            "currency_id": self.company_id.currency_id.id,
            "consent_at": self.consent_at and self.consent_at.isoformat(),
            "items": [self._prepare_shown(item) for item in self.item_ids],
            "segments": [
                {
                    "index": index,
                    "start": segment.start,
                    "speaker": segment.speaker,
                    "text": segment.text,
                    "is_machine_talk": index in machine_talk,
                }
                for index, segment in enumerate(segments)
            ],
        }

    def _prepare_shown(self, item):
        return {
            "id": item.id,
            "kind": item.kind,
            "text": item.text or "",
            "owner_id": item.owner_id.id,
            # sudo: the name of a colleague
            "owner": item.owner_id.sudo().name or "",
            "owner_name": item.owner_name or "",
            "date_due": item.date_due and item.date_due.isoformat(),
            "is_day_said": item.is_day_said,
            "amount": item.amount,
            "currency": item.currency_id.name or "",
            "mood": item.mood,
            "is_chosen": item.is_chosen,
            "is_manual": item.is_manual,
            "segments": item.segments or [],
        }
