from odoo import api, fields, models

from odoo.addons.crm_integrations.row_lock import jobs_come_back, take_rows

RECEIPT_REPORT = "account.action_report_payment_receipt"


class AccountPayment(models.Model):
    """The proof a client keeps: what was paid, when, with what, for which invoices."""

    _inherit = "account.payment"

    receipt_sent_at = fields.Datetime(string="Receipt Sent", readonly=True, copy=False)
    receipt_means = fields.Char(string="Means", compute="_compute_receipt_means")
    receipt_reference = fields.Char(
        string="Reference of the Payment", compute="_compute_receipt_means"
    )

    @api.depends("payment_transaction_id", "payment_method_line_id", "memo")
    def _compute_receipt_means(self):
        for payment in self:
            # sudo: whoever prints a receipt need not read transactions
            transaction = payment.sudo().payment_transaction_id
            line = payment.payment_method_line_id
            payment.receipt_means = transaction.means_label or line.name
            payment.receipt_reference = (
                transaction.provider_reference or payment.memo or payment.name
            )

    def _is_receipt_ready(self):
        """Whether there is something to confirm: money that came in and stayed."""
        self.ensure_one()
        return self.payment_type == "inbound" and self.state in ("in_process", "paid")

    def _get_receipt_invoices(self):
        """The invoices a payment was for, as the receipt names them."""
        self.ensure_one()
        # sudo: a client or a seller need not read every entry
        payment = self.sudo()
        named = payment.payment_transaction_id.invoice_ids
        return payment.reconciled_invoice_ids or named

    # === Mail === #

    def _ask_receipt_mail(self):
        """Have the receipt sent by a job, once per payment."""
        for payment in self:
            if not payment.receipt_sent_at and payment._is_receipt_ready():
                payment.with_delay(
                    identity_key=f"crm_billing_receipt_{payment.id}"
                )._job_send_receipt()

    def _job_send_receipt(self):
        """Send the receipt unless it was sent; safe to run twice."""
        self.ensure_one()
        with jobs_come_back():
            take_rows(self)
        if self.receipt_sent_at or not self._is_receipt_ready():
            return
        template = self.env.ref(
            "crm_billing.mail_template_payment_received", raise_if_not_found=False
        )
        if not template:
            return
        if not self._get_receipt_partner().email_normalized:
            self.receipt_sent_at = fields.Datetime.now()
            self.message_post(
                body=self.env._(
                    "%(customer)s has no mail address: the receipt was not sent. Print"
                    " it from this payment.",
                    customer=self.partner_id.display_name,
                )
            )
            return
        self.receipt_sent_at = fields.Datetime.now()
        template.send_mail(self.id)
        # Written with the note that it was sent; the queue of mails leaves at once.
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def action_send_receipt_mail(self):
        """Send the receipt to the client now, again if need be."""
        self.ensure_one()
        self.check_access("read")
        template = self.env.ref("crm_billing.mail_template_payment_received")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send the Receipt"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
            },
        }

    # === Document === #

    def _get_receipt_pdf(self):
        """Return the receipt as a PDF."""
        self.ensure_one()
        # sudo: the client's right is the page or the portal he comes from
        reports = self.env["ir.actions.report"].sudo()
        return reports._render_qweb_pdf(RECEIPT_REPORT, self.ids)[0]

    def _get_receipt_filename(self):
        self.ensure_one()
        name = (self.name or str(self.id)).replace("/", "-")
        return self.env._("Receipt %s.pdf", name)

    def _get_receipt_partner(self):
        """The contact who paid, rather than his company's head office."""
        self.ensure_one()
        # sudo: whoever sends the receipt need not read transactions
        return self.sudo().payment_transaction_id.partner_id or self.partner_id

    def _get_receipt_token(self):
        """The means of payment the client left with this payment, if he did."""
        self.ensure_one()
        # sudo: templates are rendered for whoever sends the mail
        return self.sudo().payment_transaction_id.token_id.filtered("consent_at")
