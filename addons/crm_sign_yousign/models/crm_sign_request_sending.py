from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .. import const
from ..lib import payloads, places, wording
from ..lib.states import Progress, next_step


class CrmSignRequest(models.Model):
    """What a request is for Yousign: checked before, then told step by step."""

    _inherit = "crm.sign.request"

    # === Before sending === #

    def _check_yousign(self):
        """Refuse with a sentence what Yousign would not take.

        :raise UserError: everything to repair, one line each
        """
        self.ensure_one()
        # sudo: a seller reads no connection
        connection = self.connection_id.sudo()
        if not connection.yousign_api_key:
            self.env["crm.secret"]._check_ready()
            raise UserError(
                self.env._(
                    "%(name)s has no API key yet: a CRM administrator enters it in CRM"
                    " Suite, Connections.",
                    name=connection.name,
                )
            )
        problems = self._get_yousign_limits()
        for signer in self.signer_ids:
            problems += signer._get_yousign_problems()
        if problems:
            raise UserError("\n".join(problems))

    def _get_yousign_limits(self):
        """Return what is too much for one request at Yousign."""
        problems = []
        if len(self.document_ids) > const.MAX_DOCUMENTS:
            problems.append(
                self.env._("Yousign takes 50 documents at most in one request.")
            )
        if len(self.signer_ids) > const.MAX_SIGNERS:
            problems.append(
                self.env._("Yousign takes 100 signers at most in one request.")
            )
        if len(self.field_ids) > const.MAX_FIELDS:
            problems.append(
                self.env._("Yousign takes 500 fields at most in one request.")
            )
        days = self.date_expiry and (self.date_expiry - self._get_today()).days
        if days and days > const.MAX_LIFE_DAYS:
            problems.append(
                self.env._(
                    "Yousign keeps a request open for one year at most: choose an"
                    " earlier last day for signing."
                )
            )
        return problems

    # === Step by step === #

    def _get_yousign_step(self):
        """Return (event, values) of the next call of a sending."""
        self.ensure_one()
        progress = Progress(
            request=bool(self.remote_id),
            documents=tuple(self.document_ids.filtered(lambda d: not d.remote_id).ids),
            signers=tuple(self.signer_ids.filtered(lambda s: not s.remote_id).ids),
        )
        step, key = next_step(progress)
        values = {step: key} if key else {}
        return const.SENDING[step], values

    def _get_yousign_names(self):
        """Return {id of a document: its name at Yousign}."""
        documents = self.document_ids
        names = wording.file_names(documents.mapped("name"))
        return dict(zip(documents.ids, names, strict=True))

    def _prepare_yousign_request(self):
        """Return the body that creates this request."""
        self.ensure_one()
        facts = payloads.RequestFacts(
            reference=self.reference,
            name=self.name,
            note=html2plaintext(self.message) if self._has_message() else "",
            orders=tuple(self.signer_ids.mapped("order")),
            last_day=str(self.date_expiry or ""),
            lang=self.signer_ids[:1]._get_lang() or "fr",
        )
        return payloads.build_request(facts)

    def _prepare_yousign_signer(self, signer):
        """Return the body that adds one signer after those added before."""
        signers = self.signer_ids
        placed = [(s.order, s.remote_id) for s in signers if s.remote_id]
        facts = payloads.SignerFacts(
            name=signer.name,
            email=signer._get_email(),
            phone=signer._get_yousign_phone(),
            channel=signer.code_channel,
            level=self.level,
            locale=wording.locale(signer._get_lang()),
            fields=tuple(self._prepare_yousign_fields(signer)),
        )
        kind = payloads.flow_kind(signers.mapped("order"))
        return payloads.build_signer(facts, placed, signer.order, kind)

    def _prepare_yousign_fields(self, signer):
        """Return the vendor's fields of a signer; everybody gets a signature."""
        rows = []
        for field in signer.field_ids:
            row = places.to_field(field._to_yousign(), field.document_id.remote_id)
            if row:
                rows.append(row)
        if not any(row["type"] == "signature" for row in rows):
            document = self.document_ids[:1]
            sizes = document._get_page_sizes()
            rank = self.signer_ids.ids.index(signer.id)
            place = places.default_place(rank, len(sizes), sizes[-1])
            rows.append(places.to_field(place, document.remote_id))
        return rows
