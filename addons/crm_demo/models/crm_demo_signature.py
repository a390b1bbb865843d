import io
from datetime import timedelta

from PIL import Image, ImageDraw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import fields, models

from odoo.addons.crm_sign.lib.http_facts import HttpFacts

CLIENT = HttpFacts(ip="203.0.113.24", user_agent="Mozilla/5.0 (iPhone) Safari")
OFFICE = HttpFacts(ip="198.51.100.7", user_agent="Mozilla/5.0 (X11; Linux) Firefox")
STROKE = [(12, 62), (40, 20), (58, 70), (84, 28), (104, 60), (150, 34), (228, 52)]


class CrmDemo(models.AbstractModel):
    _inherit = "crm.demo"

    def _get_chapters(self):
        return [*super()._get_chapters(), "signature"]

    def _is_ready(self, chapter):
        if chapter == "signature":
            # The certificate of the company is kept encrypted: that takes a key.
            return self.env["crm.secret"]._status() == "ok"
        return super()._is_ready(chapter)

    def _tell_signature(self):
        """Documents in each state that a seller meets: all happens today.

        Evidence cannot be written in the past, and that is the point of it.
        """
        self._tell_signed()
        self._tell_half_signed()
        self._tell_refused()
        self._tell_sent()
        self._tell_draft()

    def _tell_signed(self):
        request, client, director = self._tell_request(
            "maintenance", "techcorp", "sophie",
            "Contrat de maintenance TechCorp", both=True,
        )  # fmt: skip
        self._play_signature(client, CLIENT)
        self._play_signature(director, OFFICE)
        request._job_seal()

    def _tell_half_signed(self):
        _request, client, _director = self._tell_request(
            "cadrage", "biotech", "lucas", "Mission de cadrage Biotech", both=True
        )
        self._play_signature(client, CLIENT)

    def _tell_refused(self):
        _request, client = self._tell_request(
            "hebergement", "retail", "lucas", "Hébergement Retail Plus"
        )
        client._open(CLIENT)
        client._refuse("La durée d'engagement est trop longue pour nous.", CLIENT)

    def _tell_sent(self):
        _request, client = self._tell_request(
            "confidentialite", "dataflow", "marie", "Accord de confidentialité DataFlow"
        )
        client._open(CLIENT)

    def _tell_draft(self):
        self._tell_request(
            "avenant", "oceane", "lucas", "Avenant Océane Cosmétiques", is_sent=False
        )

    def _tell_request(self, key, client_key, login, name, both=False, is_sent=True):
        """Make a request to the contact of a client; return it and its signers."""
        user = self._recall("user", login)
        contact = self._recall("contact", client_key)
        lumen = self._recall("company", "lumen")
        people = [(contact, "Client"), *([(user.partner_id, "Agence")] if both else [])]
        request = self.env["crm.sign.request"].create(
            {
                "name": name,
                "company_id": lumen.id,
                "user_id": user.id,
                "partner_id": self._recall_id("client", client_key),
                "date_expiry": self._get_today() + timedelta(days=30),
            }
        )
        self._remember("sign_request", [key], request)
        for number, (partner, role) in enumerate(people, start=1):
            self.env["crm.sign.signer"].create(
                {
                    "request_id": request.id,
                    "partner_id": partner.id,
                    "order": number,
                    "role": role,
                }
            )
        request._add_document(f"{name}.pdf", self._draw_contract(name, people))
        if is_sent:
            request.action_send()
        return request, *request.signer_ids

    def _play_signature(self, signer, http):
        """Sign as this person would, without the mail of the code."""
        signer._open(http)
        session = signer._identify(http, fields.Datetime.now())
        known = HttpFacts(http.ip, http.user_agent, session)
        signer._sign({"consent": True, "signature": self._draw_ink()}, known)

    def _draw_contract(self, name, people) -> bytes:
        """Return a page of contract with a place for each signature."""
        stream = io.BytesIO()
        canvas = Canvas(stream, pagesize=A4, invariant=True)
        canvas.setTitle(name)
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(56, 770, name)
        canvas.setFont("Helvetica", 11)
        lines = (
            "Entre Agence Lumen SAS, et le client désigné ci-dessous.",
            "",
            "1. Objet. L'agence réalise la mission décrite dans le devis accepté.",
            "2. Durée. Le contrat prend effet à sa signature, pour douze mois.",
            "3. Prix. Les prix sont ceux du devis, payables à trente jours.",
            "4. Confidentialité. Chaque partie garde secrètes les données de l'autre.",
            "5. Fin. Chaque partie peut y mettre fin avec un préavis de deux mois.",
        )
        for number, line in enumerate(lines):
            canvas.drawString(56, 730 - 20 * number, line)
        for number, (partner, role) in enumerate(people, start=1):
            left = 56 + 260 * (number - 1)
            canvas.drawString(left, 480, f"{role} : {partner.name}")
            canvas.setFillGray(1)
            canvas.drawString(left, 440, f"{{{{sign:{number}}}}}")
            canvas.setFillGray(0)
        canvas.save()
        return stream.getvalue()

    def _draw_ink(self) -> bytes:
        image = Image.new("RGBA", (240, 80), (255, 255, 255, 0))
        ImageDraw.Draw(image).line(STROKE, fill="#123a7a", width=4, joint="curve")
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return stream.getvalue()
