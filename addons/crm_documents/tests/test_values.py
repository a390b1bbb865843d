from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DocumentCase


@tagged("post_install", "-at_install")
class TestValues(DocumentCase):
    def values(self, record=None, user=None):
        model = self.env["crm.document.values"].with_user(user or self.seller)
        record = (record or self.client).with_user(user or self.seller)
        return model._get_values(record, "fr_FR")

    def test_the_people_of_a_company(self):
        values = self.values()
        self.assertEqual(values["client"]["nom"].text, "TechCorp & fils")
        address = values["client"]["adresse"].text
        self.assertTrue(address.startswith("1 rue des Lilas\n69001 Lyon\nFrance"))
        self.assertEqual(values["contact"]["nom"].text, "Claire Martin")
        self.assertEqual(values["entreprise"]["nom"].text, "Agence Test")
        self.assertEqual(values["utilisateur"]["nom"].text, self.seller.name)

    def test_a_contact_speaks_for_its_company(self):
        values = self.values(self.contact)
        self.assertEqual(values["client"]["nom"].text, "TechCorp & fils")
        self.assertEqual(values["contact"]["fonction"].text, "Directrice")

    def test_a_person_alone_is_client_and_contact(self):
        person = self.env["res.partner"].create({"name": "Nadia"})
        values = self.values(person)
        self.assertEqual(values["client"]["nom"].text, "Nadia")
        self.assertEqual(values["contact"]["nom"].text, "Nadia")

    def test_company_numbers(self):
        self.client.company_registry = "732 829 320 00074"
        self.assertEqual(self.values()["client"]["siren"].text, "732829320")
        self.client.company_registry = False
        self.assertEqual(self.values()["client"]["siren"].text, "")

    @freeze_time("2026-03-01 23:30:00")
    def test_dates_are_those_of_the_reader_and_in_french(self):
        dates = self.values()["dates"]
        self.assertEqual(dates["aujourdhui"].text, "2 mars 2026")
        self.assertEqual(dates["dans_30_jours"].text, "1er avril 2026")
        self.assertEqual(dates["annee"].text, "2026")

    def test_kinds_of_values_are_written_the_french_way(self):
        write = self.env["crm.document.values"]._write_value
        euro = self.env.ref("base.EUR")
        money = write("money", (25000, euro), "fr_FR")
        self.assertEqual(
            money.text.replace("\u202f", " ").replace("\xa0", " "), "25 000,00 €"
        )
        self.assertEqual(str(money.raw), "25000.0")
        self.assertEqual(write("number", 2.5, "fr_FR").text, "2,5")
        self.assertEqual(write("number", 4.0, "fr_FR").text, "4")
        self.assertEqual(write("date", date(2026, 5, 1), "en_GB").text, "1 May 2026")
        self.assertTrue(write("html", "<p><br></p>", "fr_FR").is_missing)
        self.assertTrue(write("money", None, "fr_FR").is_missing)
        self.assertEqual(write("number", 4, "xx_XX").text, "4")
        self.assertTrue(write("image", False, "fr_FR").is_missing)

    def test_a_template_reads_what_is_offered_of_a_contact_and_nothing_else(self):
        self.check_offers(self.client)

    def test_the_picker_lists_families_with_plain_words(self):
        families = self.template.picker
        self.assertEqual(families[0]["name"], "client")
        labels = [i["label"] for f in families for i in f["items"]]
        self.assertEqual(len(labels), len(set(labels)), "one label, one name")
