from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def _load_module_terms(self, modules, langs, overwrite=False):
        """A language arrives, or this addon does: mend what core prints."""
        result = super()._load_module_terms(modules, langs, overwrite)
        if {"account", "crm_billing"} & set(modules):
            others = [lang for lang in langs if lang != "en_US"]
            self.env["account.payment.term"]._translate_core_notes(others)
        return result
