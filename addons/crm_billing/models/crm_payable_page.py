import base64
import hmac as std_hmac
import io

import qrcode

from odoo import api, models
from odoo.tools.image import image_data_uri
from odoo.tools.misc import hmac
from odoo.tools.urls import urljoin

SCOPE = "crm_billing.page"
# Letters of an address and the documents behind them.
PAGE_MODELS = {
    "i": "account.move",
    "e": "crm.instalment",
    "p": "crm.instalment.plan",
    "m": "payment.token",
}
SIGNATURE_LENGTH = 32
# Dots of white around a QR code; the norm asks for four.
QR_MARGIN = 4


class CrmPayablePage(models.AbstractModel):
    """A document with a page of ours for the client, at an address that stays.

    The address is signed with the database's own secret: nothing is stored, so it
    can be printed on the very first PDF of an invoice, and it opens one document
    and nothing else.
    """

    _name = "crm.payable.page"
    _description = "Document with a Public Page"

    def _get_page_letter(self):
        return next(k for k, model in PAGE_MODELS.items() if model == self._name)

    def _get_page_signature(self):
        self.ensure_one()
        message = (self._name, self.id)
        return hmac(self.env(su=True), SCOPE, message)[:SIGNATURE_LENGTH]

    def _get_signed_page_path(self):
        return f"/pay/{self._get_page_letter()}/{self.id}-{self._get_page_signature()}"

    def _get_signed_page_url(self):
        """Return the public address of the document's page."""
        self.ensure_one()
        base_url = self.company_id.get_base_url()
        return urljoin(base_url, self._get_signed_page_path())

    def _get_page_qr(self, pixels):
        """Return the address of the page as a PNG picture of a QR code."""
        self.ensure_one()
        code = qrcode.QRCode(
            error_correction=qrcode.constants.ERROR_CORRECT_M, border=QR_MARGIN
        )
        code.add_data(self._get_signed_page_url())
        code.make(fit=True)
        # Whole dots only: a blurred code is a code no phone reads.
        code.box_size = max(pixels // (code.modules_count + 2 * QR_MARGIN), 1)
        picture = io.BytesIO()
        code.make_image().save(picture, "PNG")
        return picture.getvalue()

    def _get_page_qr_uri(self, pixels=240):
        """Return the same picture for a document that must hold it."""
        return image_data_uri(base64.b64encode(self._get_page_qr(pixels)))

    @api.model
    def _find_by_page(self, letter, text):
        """Return the document (superuser) of a signed address, or False."""
        model_name = PAGE_MODELS.get(letter)
        number, _dash, signature = text.partition("-")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        if not model_name or not is_number or not signature.isascii():
            return False
        # sudo: the signature is the visitor's only right
        document = self.env[model_name].sudo().browse(int(number))
        expected = document._get_page_signature()
        if not std_hmac.compare_digest(expected, signature):
            return False
        return document.exists() or False
