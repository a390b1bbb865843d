from odoo import api, models

from ..lib import mentions, wordings
from ..lib.compliance import BLOCK, OFF, Target, find


class CrmFrDocument(models.AbstractModel):
    _inherit = "crm.fr.document"

    def _is_fr_self_billed(self):
        """Tell whether the company writes the document for its supplier."""
        return False

    def _get_fr_extra_findings(self):
        """Return further ``lib.compliance.Finding``; to be extended."""
        self.ensure_one()
        return []

    @api.model
    def _get_fr_law(self, company):
        """Return the words and the effects of checks, read once for a company."""
        return (
            self.env["crm.legal.mention"]._get_wordings(company),
            self.env["crm.compliance.rule"]._get_effects(company),
        )

    def _get_fr_findings(self, law=None):
        """Return ``[(finding, level, sentence)]``, blocking ones first.

        :param law: of ``_get_fr_law``, when several documents are looked at
        """
        self.ensure_one()
        texts, effects = law or self._get_fr_law(self.company_id)
        facts = self._prepare_fr_facts()
        dues = mentions.decide(facts)
        wordless = wordings.find_wordless(dues, texts, facts)
        tell = self.env["crm.compliance.rule"]._tell
        told = [
            (finding, *tell(finding, effects))
            for finding in find(facts, dues, wordless) + self._get_fr_extra_findings()
        ]
        told = [row for row in told if row[1] != OFF]
        return sorted(told, key=lambda row: row[1] != BLOCK)

    def _get_fr_checklist(self):
        """Return what the panel of the form shows."""
        self.ensure_one()
        return [
            {
                "code": finding.code,
                "key": f"{finding.code}:{finding.field}",
                "level": level,
                "message": sentence,
                "fixable": self._is_fr_fixable(finding),
            }
            for finding, level, sentence in self._get_fr_findings()
        ]

    def _is_fr_fixable(self, finding):
        return bool(finding.action) or finding.target != Target.DOCUMENT

    def action_fr_fix(self, key):
        """Open the screen where a finding of the panel is put right."""
        self.ensure_one()
        self.check_access("read")
        for finding, _level, _sentence in self._get_fr_findings():
            if f"{finding.code}:{finding.field}" == key:
                return self._get_fr_fix_action(finding)
        # Somebody else has put it right meanwhile.
        return False

    def _get_fr_fix_action(self, finding):
        self.ensure_one()
        if finding.action:
            return finding.action
        target = finding.target
        if target == Target.COMPANY and not self._is_fr_self_billed():
            return self.company_id._get_fr_setup_action()
        if target == Target.WORDING:
            return self.env["crm.legal.mention"]._get_missing_action(finding.field)
        if target in (Target.BUYER, Target.COMPANY):
            return self.partner_id.commercial_partner_id._get_fr_fix_action()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }
