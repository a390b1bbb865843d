from odoo import models

from .. import const
from ..lib import payloads, wording


class CrmSignSigner(models.Model):
    """A signer as Yousign wants people to be written."""

    _inherit = "crm.sign.signer"

    def _get_yousign_phone(self):
        """Return the phone number with its country, empty when it is none."""
        self.ensure_one()
        country = self.partner_id.country_id or self.company_id.country_id
        country = country or self.env.ref("base.fr")
        return self._phone_format(number=self.phone or "", country=country) or ""

    def _get_yousign_problems(self):
        """Return what keeps this person from signing at Yousign."""
        self.ensure_one()
        request, name = self.request_id, self.name
        email = self._get_email()
        first, last = wording.split_name(name or "")
        problems = []
        if not email or len(email) > const.EMAIL_MAX:
            problems.append(
                self.env._(
                    "Yousign writes by e-mail: %(name)s needs an address.", name=name
                )
            )
        if not last:
            problems.append(
                self.env._(
                    "Yousign cannot read the name %(name)s: write it in Latin letters.",
                    name=name,
                )
            )
        elif request.level in payloads.IDENTITY_LEVELS and not first:
            problems.append(
                self.env._(
                    "At this level Yousign checks the identity: write the first name"
                    " and the last name of %(name)s.",
                    name=name,
                )
            )
        is_phone_needed = payloads.needs_phone(request.level, self.code_channel)
        if is_phone_needed and not self._get_yousign_phone():
            problems.append(
                self.env._(
                    "Yousign sends a code by SMS: %(name)s needs a mobile number,"
                    " such as +33 6 12 34 56 78.",
                    name=name,
                )
            )
        return problems
