from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# What our own code says of settings, beside the words of partners.
SENTENCES = {
    "the address holds a space or a forbidden character": _lt(
        "The address holds a space or a character that is not allowed there."
    ),
    "the address cannot be understood": _lt("The address cannot be understood."),
    "the address must start with https:// or http://": _lt(
        "The address must start with https:// or http://."
    ),
    "the address must start with https://": _lt(
        "The address must start with https://."
    ),
    "the address must not hold a user name or password": _lt(
        "The address must not hold a user name or a password."
    ),
    "the address has no usable port": _lt("The port of the address cannot be used."),
    "the address has no host name": _lt("The address names no server."),
    "the host name is not valid": _lt("The name of the server is not valid."),
    "the host is not a valid address": _lt("The address of the server is not valid."),
    "the address belongs to an internal network": _lt(
        "The address belongs to an internal network, which is not called."
    ),
    "the API key holds characters that no key has": _lt(
        "The API key holds characters that no key has: copy it again from the page of"
        " the partner."
    ),
    "the host name belongs to an internal network": _lt(
        "The name of the server belongs to an internal network, which is not called."
    ),
}


class CrmConnection(models.Model):
    """What happened last, in the words of who reads it."""

    _inherit = "crm.connection"

    last_error_text = fields.Text(
        string="What Happened", compute="_compute_last_error_text"
    )

    @api.depends("last_error")
    @api.depends_context("lang")
    def _compute_last_error_text(self):
        sentences = self._get_error_sentences()
        for connection in self:
            text = connection.last_error or ""
            connection.last_error_text = (
                self.env._(sentences[text]) if text in sentences else text
            )

    @api.model
    def _get_error_sentences(self):
        """Return {message of our code: sentence for people}; addons add theirs."""
        return SENTENCES
