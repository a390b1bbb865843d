import base64
import json

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lib.authorship import Signature, Step
from ..lib.snapshot import canonical_json, find_damage, fingerprint, sha256_hex

REASONS = [
    ("sent", "Sent"),
    ("manual", "Kept on demand"),
    ("signature", "Sent for signature"),
    ("opened", "Read by the client"),
    ("restored", "Kept before a restoration"),
    ("accepted", "Accepted"),
]


class CrmQuoteVersion(models.Model):
    """A quotation as it was at one moment, kept for good.

    The content is a canonical text with its SHA-256, chained to the version before.
    Nobody changes or deletes a version, the system user neither.
    """

    _name = "crm.quote.version"
    _description = "Version of a Quotation"
    _order = "order_id, number desc"

    order_id = fields.Many2one(
        "sale.order",
        string="Quotation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Integer(string="Version", required=True, readonly=True)
    label = fields.Char(compute="_compute_label")
    reason = fields.Selection(REASONS, required=True, readonly=True)
    note = fields.Char(readonly=True, help="Why it was kept, in a few words.")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one("res.partner", string="Client", readonly=True)
    user_id = fields.Many2one("res.users", string="Kept by", readonly=True)
    author = fields.Char(required=True, readonly=True)
    taken_at = fields.Datetime(string="Kept at", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_untaxed = fields.Monetary(string="Untaxed Amount", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    content = fields.Text("Canonical Text", required=True, readonly=True)
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    fingerprint = fields.Char(required=True, readonly=True, index=True)
    pdf = fields.Binary(string="PDF", attachment=True, readonly=True)
    pdf_name = fields.Char(compute="_compute_pdf_name")
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True)
    content_html = fields.Html(
        string="Content", compute="_compute_content_html", sanitize=False
    )

    _number_uniq = models.Constraint(
        "UNIQUE(order_id, number)",
        "This quotation already has a version of this number.",
    )

    @api.depends("number")
    def _compute_label(self):
        for version in self:
            version.label = f"V{version.number}"

    @api.depends("order_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.order_id.name} V{version.number}"

    @api.depends("order_id.name", "number")
    def _compute_pdf_name(self):
        for version in self:
            name = (version.order_id.name or "").replace("/", "-")
            version.pdf_name = f"{name} V{version.number}.pdf"

    @api.depends("content")
    def _compute_content_html(self):
        for version in self:
            version.content_html = self.env["crm.quote.comparison"]._render_version(
                version
            )

    # Kept for good

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        if not self.env.su:
            raise UserError(
                self.env._("Versions are kept by the quotation, never typed.")
            )
        return super().create(vals_list)

    def write(self, vals):
        self.check_access("write")
        if vals:
            raise UserError(
                self.env._("A version of a quotation is a proof: it does not change.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A version of a quotation is a proof: it is not deleted.")
        )

    @api.model
    def _keep(self, values, content, pdf=None):
        """Write one version.

        :param dict values: fields of the version
        :param dict content: what it holds, see ``lib/snapshot.py``
        :param bytes pdf: the document as the client gets it
        """
        content = {**content, "pdf_sha256": sha256_hex(pdf) if pdf else ""}
        text = canonical_json(content)
        return self.sudo().create(
            {
                **values,
                "content": text,
                "sha256": sha256_hex(text),
                "fingerprint": fingerprint(content["quote"]),
                "pdf": base64.b64encode(pdf) if pdf else False,
                "pdf_sha256": content["pdf_sha256"],
            }
        )

    def _get_content(self):
        self.ensure_one()
        return json.loads(self.content)

    def _get_quote(self):
        """Return the quotation it holds, as a mapping of plain values."""
        return self._get_content()["quote"]

    def _get_step(self):
        """Return the version as a step from the one before, for a comparison."""
        content = self._get_content()
        signature = Signature(content["author"], content["taken_at"])
        return Step(content["quote"], signature, content["edits"])

    def _get_source_version(self):
        """Return what names this content for good: number and fingerprint."""
        self.ensure_one()
        return f"V{self.number}:{self.fingerprint}"

    # Buttons

    def _find_damage(self):
        """Return what no longer fits: ``content``, ``pdf``, ``chain``, or nothing."""
        self.ensure_one()
        former = self.search(
            [("order_id", "=", self.order_id.id), ("number", "=", self.number - 1)]
        )
        return find_damage(
            self.content,
            self.sha256,
            base64.b64decode(self.with_context(bin_size=False).pdf or b""),
            former.sha256 or "",
        )

    def action_verify(self):
        """Compute the hashes again and say whether they still fit."""
        damage = self._find_damage()
        messages = {
            "": self.env._("Intact: content and PDF are those of the day it was kept."),
            "content": self.env._(
                "The content was altered: it no longer fits its hash."
            ),
            "pdf": self.env._("The PDF was altered: it no longer fits its hash."),
            "chain": self.env._("The version before was altered or removed."),
        }
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if damage else "success",
                "message": messages[damage],
                "sticky": bool(damage),
            },
        }

    def action_restore(self):
        """Make this version the quotation again."""
        self.ensure_one()
        self.order_id._restore_quote_version(self)
        return self.order_id._get_quote_form_action()

    def action_compare(self):
        """Compare with the quotation as it is now, or the last version."""
        self.ensure_one()
        return self.order_id._get_comparison_action(left=self.number)

    def action_download(self):
        """Open the PDF that was kept."""
        self.ensure_one()
        if not self.pdf_sha256:
            raise UserError(self.env._("No PDF was kept with this version."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/pdf/{self.pdf_name}"
            "?download=true",
            "target": "self",
        }
