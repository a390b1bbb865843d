"""An agency with a deal, its people, and meetings to sum up."""

from odoo import fields
from odoo.tests import new_test_user
from odoo.tests.common import TransactionCase

from odoo.addons.crm_base.tests.common import SecretKeyMixin

SELLER = "sales_team.group_sale_salesman,crm_base.crm_base_group_seller"
ADMIN = "sales_team.group_sale_manager,crm_base.crm_base_group_admin"
TEXT = """\
[00:00:10] Lise Caron : Bonjour Marc, avez-vous prévu un budget ?
[00:00:20] Marc Oudin : Oui, une enveloppe de 36 500 euros hors taxes.
[00:01:00] Lise Caron : Et le calendrier ?
[00:01:10] Marc Oudin : Nous voudrions une mise en ligne au troisième trimestre.
[00:02:00] Marc Oudin : C'est notre PDG qui signe, M. Abel Tran.
[00:03:00] Marc Oudin : Il nous faudrait une proposition technique et une démo.
[00:03:20] Lise Caron : Je vous envoie la proposition technique avant vendredi.
[00:03:40] Lise Caron : Pour la démo, je vous propose mardi prochain.
[00:04:00] Marc Oudin : Je préfère être franc, on consulte aussi Pixelnor.
[00:05:00] Marc Oudin : Le délai m'inquiète un peu.
"""
# Monday
MET_AT = "2026-03-02 09:30:00"


class MeetingMixin(SecretKeyMixin):
    """Give it before the test case: two companies, five people, a deal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "no_reset_password": True})
        Company = cls.env["res.company"]
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.company = Company.create({"name": "Atelier Test", "currency_id": euro.id})
        cls.other_company = Company.create({"name": "Autre Atelier"})
        cls.seller = cls.make_user("Lise Caron", "meet_seller", SELLER)
        cls.colleague = cls.make_user("Omar Diop", "meet_mate", SELLER)
        cls.admin = cls.make_user("Nina Faure", "meet_admin", ADMIN)
        cls.stranger = cls.make_user(
            "Zed Autre", "meet_stranger", ADMIN, cls.other_company
        )
        cls.portal = cls.make_user("Client", "meet_portal", "base.group_portal")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Verrerie Oudin", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Marc Oudin",
                "parent_id": cls.partner.id,
                "email": "marc.oudin@exemple-client.fr",
            }
        )
        cls.lead = cls.env["crm.lead"].create(
            {
                "name": "Refonte Oudin",
                "type": "opportunity",
                "partner_id": cls.contact.id,
                "user_id": cls.seller.id,
                "company_id": cls.company.id,
                "expected_revenue": 10,
            }
        )

    @classmethod
    def make_user(cls, name, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            name=name,
            groups=groups,
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
            tz="Europe/Paris",
        )

    def drop(self, text=TEXT, name="reunion.txt", user=None, record=None):
        """Drop a text on the deal and return its summary, in the user's rights."""
        user = user or self.seller
        content = text if isinstance(text, bytes) else text.encode()
        record = (record or self.lead).with_user(user)
        summaries = self.env["crm.meeting.summary"].with_user(user)
        summary = summaries._start_from_file(record, name, content)
        summary.met_at = fields.Datetime.to_datetime(MET_AT)
        return summary

    def run_call(self, summary):
        """Do what the job of the last question does."""
        self.env.flush_all()
        call = summary.sudo().call_id
        with self.enter_registry_test_mode():
            call._job_run()
        self.env.invalidate_all()
        return call

    def summed_up(self, **kwargs):
        """Return a summary that waits for its review."""
        summary = self.drop(**kwargs)
        self.run_call(summary)
        return summary

    def items(self, summary, kind):
        return summary.item_ids.filtered(lambda item: item.kind == kind)


class MeetingCase(MeetingMixin, TransactionCase):
    pass
