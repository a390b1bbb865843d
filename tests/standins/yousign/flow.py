"""How a signature request goes on, and the events it causes."""

from datetime import datetime

from . import files
from .errors import ApiError

OPEN = ("ongoing", "approval")
WAITING = ("initiated", "notified", "verified", "processing", "consent_given")


class Flow:
    """Moves requests; the caller holds the lock of the state."""

    def __init__(self, state, emit):
        self.state = state
        self._emit = emit

    def refresh(self, account, request):
        """End a request whose last day is over."""
        end = datetime.fromisoformat(request["expiration_date"]).timestamp()
        if request["status"] in OPEN and self.state.now() > end:
            self.expire(account, request)

    def activate(self, account, request):
        request["status"] = "ongoing"
        request["activated_at"] = self.state.iso()
        for signer in request["_signers"]:
            link = f"{self.state.base_url}/sign/{signer['id']}"
            signer["signature_link"] = link
            signer["signature_link_expiration_date"] = self.state.iso(48 * 3600)
        self._emit(account, "signature_request.activated", request)
        self._notify(account, request)

    def _notify(self, account, request):
        """Those of the first stage that has not signed get their mail."""
        waiting = [s for s in request["_signers"] if s["status"] in WAITING]
        if not waiting:
            return
        stage = min(signer["recipient_stage_index"] for signer in waiting)
        for signer in waiting:
            is_next = signer["recipient_stage_index"] == stage
            if is_next and signer["status"] == "initiated":
                signer["status"] = "notified"
                self._emit(account, "signer.notified", request, signer)

    def open(self, account, request, signer):
        self._check_turn(request, signer)
        signer["_opened_at"] = signer["_opened_at"] or self.state.iso()
        self._emit(account, "signer.link_opened", request, signer)

    def sign(self, account, request, signer, answers=None):
        """:param answers: what the signer types, by question"""
        self._check_turn(request, signer)
        if signer["status"] == "notified":
            self.open(account, request, signer)
        for item in signer["fields"]:
            if item["type"] == "text":
                item["answer"] = (answers or {}).get(item["question"], "")
            elif item["type"] == "checkbox":
                item["checked"] = True
        signer["status"] = "signed"
        signer["signed_at"] = self.state.iso()
        self._emit(account, "signer.done", request, signer)
        if all(s["status"] == "signed" for s in request["_signers"]):
            self._finish(account, request)
        else:
            self._notify(account, request)

    def _finish(self, account, request):
        request["status"] = "done"
        request["completed_at"] = self.state.iso()
        request["_downloads"] = 0
        lines = [
            f"{s['info']['first_name']} {s['info']['last_name']}"
            f" <{s['info']['email']}> {s['signed_at']}"
            for s in request["_signers"]
        ]
        for document in request["_documents"]:
            document["_signed"] = files.sign(document["_content"], lines)
        self._emit(account, "signature_request.done", request)

    def decline(self, account, request, signer, reason):
        self._check_turn(request, signer)
        if not request["signers_allowed_to_decline"]:
            raise ApiError("Signers are not allowed to decline.")
        signer["status"] = "declined"
        request["status"] = "declined"
        request["decline_information"] = {
            "signer_id": signer["id"],
            "reason": reason,
            "declined_at": self.state.iso(),
        }
        self._stop_others(request)
        self._emit(account, "signer.declined", request, signer, reason=reason)
        self._emit(account, "signature_request.declined", request, signer)

    def cancel(self, account, request):
        if request["status"] not in OPEN:
            raise ApiError("The signature request cannot be canceled.")
        request["status"] = "canceled"
        self._stop_others(request)
        self._emit(account, "signature_request.canceled", request)

    def expire(self, account, request):
        if request["status"] not in OPEN:
            raise ApiError("The signature request cannot expire.")
        request["status"] = "expired"
        self._stop_others(request)
        self._emit(account, "signature_request.expired", request)

    def delete(self, account, request):
        if request["status"] in OPEN:
            raise ApiError("An ongoing signature request cannot be deleted.")
        was_draft = request["status"] == "draft"
        request["status"] = "deleted"
        if not was_draft:
            self._emit(account, "signature_request.deleted", request)

    def remind(self, account, request, signer):
        if request["status"] != "ongoing" or signer["status"] != "notified":
            raise ApiError("The signer cannot be reminded.")
        signer["_reminders"] += 1
        self._emit(account, "signature_request.reminder_executed", request, signer)

    def trouble(self, account, request, signer, event):
        """Something that happened to a signer at the vendor, such as a mail refused."""
        if event == "signer.error":
            signer["status"] = "error"
        self._emit(account, event, request, signer)

    def _stop_others(self, request):
        for signer in request["_signers"]:
            if signer["status"] in WAITING:
                signer["status"] = "aborted"

    def _check_turn(self, request, signer):
        if request["status"] != "ongoing":
            raise ApiError("The signature request is not ongoing.")
        if signer["status"] not in ("notified", "verified"):
            raise ApiError("It is not the turn of this signer.")
