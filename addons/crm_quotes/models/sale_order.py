import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..lib.authorship import ORDER, note_edit
from ..lib.snapshot import fingerprint
from .crm_quote_version import REASONS
from .sale_order_content import QUOTED_TERMS

_logger = logging.getLogger(__name__)

REPORT = "sale.action_report_saleorder"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    quote_version_ids = fields.One2many(
        "crm.quote.version", "order_id", string="Versions", copy=False
    )
    quote_number = fields.Integer(
        string="Version",
        readonly=True,
        copy=False,
        help="Number of the last version that was kept.",
    )
    quote_is_changed = fields.Boolean(
        compute="_compute_quote_is_changed",
        help="The quotation was edited since its last version.",
    )
    quote_edits = fields.Json(copy=False, groups="base.group_user")

    def _compute_quote_is_changed(self):
        for order in self:
            last = order._get_last_quote_version()
            order.quote_is_changed = bool(last) and not order._is_version_current(last)

    def _is_version_current(self, version):
        """Tell whether the quotation still says what the version says."""
        self.ensure_one()
        return version.fingerprint == self._get_quote_fingerprint()

    def _get_quote_fingerprint(self):
        return fingerprint(self._prepare_quote())

    def _get_last_quote_version(self):
        """Return the last version (empty when none was kept), as superuser."""
        self.ensure_one()
        if not self.quote_number:
            return self.env["crm.quote.version"].sudo()
        return self._find_quote_version(self.quote_number)

    def _find_quote_version(self, number):
        # sudo: a version is read by whoever may read its quotation
        return (
            self.env["crm.quote.version"]
            .sudo()
            .search([("order_id", "=", self.id), ("number", "=", number)])
        )

    # Keeping a version

    def _keep_quote_version(self, reason, note=None, pdf=None):
        """Keep the quotation as it is now; nothing new when it is already kept.

        :param str reason: key of ``REASONS``
        :param bytes pdf: the document the client gets, made here when not given
        :return: the version that holds what the quotation says now, as superuser
        """
        self.ensure_one()
        assert reason in dict(REASONS)
        self.env.flush_all()
        # Two at the same time would take the same number.
        self.env.execute_query(
            SQL("SELECT id FROM sale_order WHERE id = %s FOR UPDATE", self.id)
        )
        self.invalidate_recordset(["quote_number", "quote_edits"])
        quote, last = self._prepare_quote(), self._get_last_quote_version()
        if last and last._get_quote() == quote:
            return last
        number, now = self.quote_number + 1, self._get_quote_now()
        author = self._get_quote_author(reason)
        version = last._keep(
            {
                "order_id": self.id,
                "number": number,
                "reason": reason,
                "note": note,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "user_id": self.env.uid,
                "author": author,
                "taken_at": now,
                "currency_id": self.currency_id.id,
                "amount_untaxed": self.amount_untaxed,
                "amount_total": self.amount_total,
            },
            {
                "format": 1,
                "order": self.name,
                "number": number,
                "reason": reason,
                "author": author,
                "taken_at": self._iso(now),
                "previous": last.sha256 or "",
                "edits": self.sudo().quote_edits or {},
                "note_html": self.note or "",
                "quote": quote,
            },
            pdf or self._render_quote_pdf(),
        )
        # sudo: numbering is not an edit of the quotation
        self.sudo().write({"quote_number": number, "quote_edits": False})
        return version

    def _get_quote_author(self, reason=None):
        """Return the name of who acts: on his page, the client."""
        if self._is_client_acting() and reason in ("opened", "accepted"):
            return self.signed_by or self.partner_id.name
        return self.env.user.name

    @api.model
    def _get_quote_now(self):
        """Return the instant that versions, edits and the follow-up bear."""
        return fields.Datetime.now()

    @api.model
    def _iso(self, moment):
        return fields.Datetime.to_string(moment).replace(" ", "T") + "Z"

    def _render_quote_pdf(self):
        """Return the PDF of the quotation, None when it cannot be made now.

        A version without its PDF is better than no version.
        """
        self.ensure_one()
        if self.env.context.get("crm_quotes_no_pdf"):
            return None
        # sudo: as core does when a client accepts a quotation
        reports = self.env["ir.actions.report"].sudo()
        try:
            with self.env.cr.savepoint():
                content, kind = reports._render_qweb_pdf(REPORT, self.ids)
        except UserError as error:
            _logger.info("No PDF for the version of %s: %s", self.name, error)
            return None
        return content if kind == "pdf" else None

    def action_keep_quote_version(self):
        """Keep a version on demand."""
        self.ensure_one()
        self.check_access("write")
        before = self.quote_number
        version = self._keep_quote_version("manual")
        if version.number == before:
            message = self.env._(
                "Nothing changed: %(label)s already holds this quotation.",
                label=version.label,
            )
        else:
            message = self.env._("Version %(label)s kept.", label=version.label)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if version.number == before else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # Sending

    def message_post(self, **kwargs):
        """Sending a quotation keeps the version that leaves."""
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent") and self.state == "sent":
            self._note_quote_sent(pdf=self._find_sent_pdf(message))
        return message

    def _message_mail_after_hook(self, mails):
        """The same for quotations sent many at once."""
        result = super()._message_mail_after_hook(mails)
        for order in self.filtered(lambda order: order.state in ("draft", "sent")):
            order._note_quote_sent()
        return result

    def _find_sent_pdf(self, message):
        """Return the very document that leaves with the message, if there is one."""
        name = (self.name or "").replace("/", "_")
        found = message.attachment_ids.filtered(
            lambda file: (
                file.mimetype == "application/pdf"
                and name in (file.name or "").replace("/", "_")
            )
        )
        return found.raw if len(found) == 1 else None

    def _note_quote_sent(self, reason="sent", pdf=None):
        version = self._keep_quote_version(reason, pdf=pdf)
        self._log_quote_event("sent", version=version)
        return version

    def write(self, vals):
        names = [QUOTED_TERMS[name] for name in vals if name in QUOTED_TERMS]
        leaving = self.browse()
        if vals.get("state") == "sent" and not self.env.context.get("mark_so_as_sent"):
            leaving = self.filtered(lambda order: order.state == "draft")
        result = super().write(vals)
        if names:
            for order in self:
                order._note_quote_edit({ORDER: names})
        for order in leaving:
            if order._keeps_quote_versions():
                order._note_quote_sent()
        return result

    def _keeps_quote_versions(self):
        """Tell whether what happens now is part of the life of the quotation."""
        return not self.env.context.get("crm_quotes_skip_versions")

    def _note_quote_edit(self, names_by_key):
        """Remember who edits what since the last version; before the first, nothing."""
        # sudo: the seller of a deal may lack rights on technical fields
        for order in self.sudo().filtered("quote_number"):
            edits, now = order.quote_edits or {}, self._iso(self._get_quote_now())
            for key, names in names_by_key.items():
                edits = note_edit(edits, key, names, order._get_quote_author(), now)
            order.quote_edits = edits

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept_versions(self):
        if kept := self.filtered("quote_number"):
            raise UserError(
                self.env._(
                    "%(names)s has versions that were kept: cancel it instead of "
                    "deleting it.",
                    names=", ".join(kept.mapped("name")),
                )
            )

    # Screens

    def _get_comparison_action(self, left=None, right=None):
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "crm_quotes.comparison",
            "name": self.env._("Compare %(name)s", name=self.name),
            "params": {"order_id": self.id, "left": left, "right": right},
        }

    def action_compare_quote(self):
        """Open the comparison of the last two states of the quotation."""
        return self._get_comparison_action()

    def action_view_quote_versions(self):
        """List the versions of the quotation."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_quotes.crm_quote_version_action"
        )
        return {
            **action,
            "domain": [("order_id", "=", self.id)],
            "context": {"default_order_id": self.id},
        }

    def action_view_quote_events(self):
        """List who opened the quotation, and the rest of its follow-up."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_quotes.crm_quote_event_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)]}

    def _get_quote_form_action(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.id,
            "views": [[False, "form"]],
            "target": "current",
        }

    def _check_may_compare(self):
        """Only ours compare: a client reads his quotation, not who edited it when."""
        self.check_access("read")
        self.env["crm.quote.version"].check_access("read")

    def get_quote_comparison(self, left=None, right=None):
        """Return what the comparison screen shows; see ``crm.quote.comparison``.

        :param int left: number of the older version; the one before ``right`` if none
        :param int right: number of the newer version, 0 for the quotation as it is now
        """
        self.ensure_one()
        self._check_may_compare()
        return self.env["crm.quote.comparison"]._get_screen(self, left, right)

    def action_print_quote_comparison(self, left, right):
        """Return the PDF of a comparison."""
        self.ensure_one()
        self._check_may_compare()
        report = self.env.ref("crm_quotes.action_report_comparison")
        data = {"order_id": self.id, "left": left, "right": right}
        return report.report_action(None, data=data)
