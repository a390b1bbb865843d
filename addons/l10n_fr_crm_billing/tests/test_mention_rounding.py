import json
from pathlib import Path

from odoo.tests import freeze_time, tagged

from .mention_common import TODAY, FrenchMentionCase

VECTORS = Path(__file__).parents[4] / "shared" / "france" / "vat_rounding.json"
# (rate, nets) -> VAT per rate group; the line by line sum would give another figure.
CASES = [
    ("20", ["0.33"] * 3, 0.20),
    ("20", ["1.02"] * 10, 2.04),
]


@tagged("post_install", "-at_install")
@freeze_time(TODAY)
class TestMentionRounding(FrenchMentionCase):
    """VAT is computed per rate on the sum of the nets, to the cent."""

    def _get_tax(self, rate):
        names = {
            "20": "tva_normale",
            "10": "tva_intermediaire",
            "5.5": "tva_reduite",
            "2.1": "tva_super_reduite",
            "8.5": "tva_specifique",
        }
        return self._find_tax(names[rate])

    def _check(self, lines, vat):
        invoice = self.make_invoice(
            [(self.goods, float(net), self._get_tax(rate)) for rate, net in lines]
        )
        self.assertAlmostEqual(invoice.amount_tax, vat, 2)
        return invoice

    def test_the_cases_that_differ_line_by_line(self):
        for rate, nets, vat in CASES:
            with self.subTest(rate=rate, lines=len(nets)):
                self._check([(rate, net) for net in nets], vat)

    def test_vectors(self):
        if not VECTORS.exists():
            self.skipTest("the vectors are not here")
        for case in json.loads(VECTORS.read_text())["cases"]:
            with self.subTest(case=case["case"]):
                invoice = self._check(
                    [(line["rate"], line["net"]) for line in case["lines"]],
                    sum(float(row["vat"]) for row in case["breakdown"]),
                )
                self.assertAlmostEqual(
                    invoice.amount_total,
                    float(case["total_incl_tax_per_rate_group"]),
                    2,
                )
