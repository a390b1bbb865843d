from odoo import models
from odoo.tools import format_date

from ..lib.compliance import Finding, Target

# A draft has no number yet; the other check of the mentions names these.
SEEN_ELSEWHERE = frozenset(
    {
        "number_length",
        "number_charset",
        "note",
        "reference",
        "seller_siren",
        "buyer_siren",
        "buyer_vat",
    }
)


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_fr_extra_findings(self):
        """What a platform would refuse and what the law on delays forbids: advice."""
        findings = super()._get_fr_extra_findings()
        known = {finding.code for finding in findings}
        for problem in self._get_facturx_problems():
            code = f"facturx_{problem.code}"
            if problem.code in SEEN_ELSEWHERE or code in known:
                continue
            known.add(code)
            findings.append(
                Finding(
                    code,
                    Target.BUYER
                    if problem.code.startswith("buyer")
                    else Target.DOCUMENT,
                    level="warn",
                    message=self._get_facturx_sentence(problem),
                )
            )
        if self.fr_due_date_warning:
            findings.append(
                Finding(
                    "due_date_cap",
                    Target.DOCUMENT,
                    level="warn",
                    message=self.fr_due_date_warning,
                )
            )
        return findings

    def _get_facturx_problem_message(self, problem):
        """Say what is wrong, on which document, and what to do."""
        self.ensure_one()
        return self.env._(
            "%(document)s: %(trouble)s (%(rule)s)",
            document=self.display_name,
            trouble=self._get_facturx_trouble(problem),
            rule=problem.rule,
        )

    def _get_facturx_sentence(self, problem):
        trouble = self._get_facturx_trouble(problem)
        return trouble[:1].upper() + trouble[1:]

    def _get_facturx_trouble(self, problem):
        value = problem.value
        if problem.code in ("due_before_issue", "year"):
            value = format_date(self.env, value)
        if problem.code == "note":
            return self._get_facturx_note_trouble(value)
        messages = {
            "number_length": self.env._(
                "the number %s is too long for an e-invoice, 35 characters at most."
                " Choose a shorter pattern in the settings of the company.",
                value,
            ),
            "number_charset": self.env._(
                "the number %s has characters an e-invoice refuses. Use letters, digits"
                " and + - _ / only.",
                value,
            ),
            "reference": self.env._(
                "a credit note must cite the invoice it corrects. Make it from that"
                " invoice with the button Credit Note."
            ),
            "vat_category": self.env._(
                "VAT category %s is not accepted in France. Correct the tax of the"
                " lines.",
                value,
            ),
            "vat_rate": self.env._(
                "VAT rate %s %% does not exist in France. Correct the tax of the"
                " lines.",
                value,
            ),
            "due_before_issue": self.env._(
                "the due date %s is before the invoice date. Correct the payment"
                " terms.",
                value,
            ),
            "year": self.env._("the date %s is not a date of this century.", value),
        }
        messages.update(self._get_facturx_party_troubles())
        return messages.get(problem.code) or self.env._(
            "the data %s is not accepted. Correct it on the document.", value
        )

    def _get_facturx_party_troubles(self):
        buyer = self.commercial_partner_id.display_name
        company = self.company_id.display_name
        return {
            "seller_siren": self.env._("enter the SIREN or SIRET of %s.", company),
            "buyer_siren": self.env._("enter the SIREN or SIRET of %s.", buyer),
            "seller_siret": self.env._(
                "the SIRET of %s does not start with its SIREN.", company
            ),
            "buyer_siret": self.env._(
                "the SIRET of %s does not start with its SIREN.", buyer
            ),
            "seller_country": self.env._("enter the country of %s.", company),
            "buyer_country": self.env._("enter the country of %s.", buyer),
            "seller_endpoint": self.env._(
                "%s has no electronic invoicing address: enter its SIREN.", company
            ),
            "buyer_endpoint": self.env._(
                "%s has no electronic address: enter a SIREN or an e-mail address.",
                buyer,
            ),
            "buyer_vat": self.env._(
                "enter the VAT number of %s: this sale without VAT needs it.", buyer
            ),
        }

    def _get_facturx_note_trouble(self, subject):
        notes = {
            "PMD": self.env._("the rate of late-payment penalties"),
            "PMT": self.env._("the recovery indemnity"),
            "AAB": self.env._("the early-payment discount"),
        }
        return self.env._(
            "the mention of %s is missing. Fill it in the settings of the company.",
            notes[subject],
        )
