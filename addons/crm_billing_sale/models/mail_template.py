import logging

from odoo import models
from odoo.exceptions import UserError

ATTACHMENTS_OPTIONAL = "crm_billing_sale_attachments_optional"

_logger = logging.getLogger(__name__)


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _generate_template_attachments(
        self, res_ids, render_fields, render_results=None
    ):
        """Let a mail leave without the PDF that this server cannot make."""
        attach = super()._generate_template_attachments
        if not self.env.context.get(ATTACHMENTS_OPTIONAL):
            return attach(res_ids, render_fields, render_results)
        try:
            return attach(res_ids, render_fields, render_results)
        except UserError as error:
            _logger.info("mail template %s: sent without its PDF: %s", self.id, error)
            names = [name for name in render_fields if name != "report_template_ids"]
            return attach(res_ids, names, render_results)
