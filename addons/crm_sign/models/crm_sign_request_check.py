from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError

from ..lib import draft_check


class CrmSignRequest(models.Model):
    """What keeps a draft from being sent, in plain sentences."""

    _inherit = "crm.sign.request"

    problem_text = fields.Text(string="Before Sending", compute="_compute_problem_text")

    @api.depends(
        "state", "document_ids.pages_json", "signer_ids.email", "signer_ids.phone",
        "signer_ids.code_channel", "signer_ids.name", "field_ids.signer_id",
        "date_expiry", "field_ids.page", "field_ids.x", "field_ids.y",
        "field_ids.width", "field_ids.height",
    )  # fmt: skip
    def _compute_problem_text(self):
        for request in self:
            problems = request.state == "draft" and request._get_problems()
            request.problem_text = "\n".join(problems or []) or False

    def _prepare_draft(self):
        """Return the facts that `lib/draft_check.py` judges."""
        self.ensure_one()
        signers = [
            draft_check.DraftSigner(
                name=signer.name or "",
                email=signer._get_email(),
                phone=signer.phone or "",
                channel=signer.code_channel,
                signatures=len(
                    signer.field_ids.filtered(lambda f: f.type == "signature")
                ),
            )
            for signer in self.signer_ids
        ]
        outside = [f for f in self.field_ids if f._is_outside()]
        return draft_check.Draft(
            signers=signers,
            documents=self.document_ids.mapped("name"),
            today=self._get_today(),
            date_expiry=self.date_expiry or None,
            channels=frozenset(self._get_code_channels()),
            outside=[(f.document_id.name, f._get_label()) for f in outside],
            orphans=[f._get_label() for f in self.field_ids if not f.signer_id],
        )

    @api.model
    def _get_code_channels(self):
        """Return the ways to send a code that are installed."""
        return dict(self.env["crm.sign.signer"]._fields["code_channel"].selection)

    def _get_today(self):
        """Return today in the zone of the company."""
        zone = self.company_id.partner_id.tz or "Europe/Paris"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _get_problems(self):
        """Return the sentences that keep these requests from being sent."""
        self.ensure_one()
        sentences = self._get_problem_sentences()
        return [
            sentences[problem.code] % {"subject": problem.subject}
            for problem in draft_check.find_problems(self._prepare_draft())
        ]

    def _get_problem_sentences(self):
        """Return one sentence per problem of `lib/draft_check.py`."""
        return {
            "no_document": self.env._("Add the PDF to sign."),
            "no_signer": self.env._("Add at least one signer."),
            "no_mail": self.env._(
                "%(subject)s has no valid e-mail address: add one, or choose the"
                " code by SMS with a phone number where SMS are installed."
            ),
            "no_phone": self.env._(
                "%(subject)s has no phone number for the code by SMS."
            ),
            "no_such_channel": self.env._(
                "The code of %(subject)s cannot be sent this way: choose another one."
            ),
            "same_signer": self.env._(
                "%(subject)s is there twice: each person signs once. Give the second"
                " one another address, or remove it."
            ),
            "field_of_nobody": self.env._(
                "The field '%(subject)s' belongs to no signer."
            ),
            "field_outside": self.env._("The field '%(subject)s' is outside its page."),
            "expiry_past": self.env._(
                "The last day for signing is over: choose a later one."
            ),
        }

    def _check_can_send(self):
        """Refuse to send what could not be signed, with everything to repair."""
        for request in self:
            problems = request._get_problems()
            if problems:
                raise UserError("\n".join(problems))
            if not request.connection_id:
                request._check_certificate()
            else:
                request._check_provider()
            self.env["crm.hook"]._check_entitlement("sign.request", request.company_id)

    def _check_certificate(self):
        """Refuse with the way to repair when nothing can seal the final file."""
        certificate = self.company_id._ensure_sign_certificate()
        reason = certificate._get_problem()
        if not reason:
            return
        action = self.env.ref("crm_sign.crm_sign_certificate_action")
        if self.env["crm.sign.certificate"].has_access("write"):
            raise RedirectWarning(
                reason, action.id, self.env._("Open the certificates")
            )
        raise UserError(reason)
