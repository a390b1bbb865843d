import base64
import io
from datetime import date, timedelta

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from .common import AiMixin


@tagged("post_install", "-at_install")
class TestRegister(AiMixin, TransactionCase):
    def _export(self, **values):
        wizard = self.env["crm.ai.register.export"].create(values)
        action = wizard.action_export()
        self.assertIn(str(wizard.id), action["url"])
        return load_workbook(io.BytesIO(base64.b64decode(wizard.file)))

    def test_export(self):
        self.feature.write({"name": "=1+1", "description": "Écrire des notes"})
        self.ask()._decide("accepted")
        book = self._export()
        systems, use, answers = book.worksheets
        row = next(r for r in systems.values if r[1] == "Écrire des notes")
        # a name is text, whatever it looks like
        self.assertEqual(row[0], "=1+1")
        cell = next(c for c in systems["A"] if c.value == "=1+1")
        self.assertEqual(cell.data_type, "s")
        self.assertEqual(list(use.values)[1][1:4], ("scripted-1", 1, 1))
        self.assertEqual(answers.max_row, 2)
        texts = [str(v) for sheet in book for row in sheet.values for v in row]
        self.assertFalse([text for text in texts if "Quintard" in text])

    def test_only_the_period(self):
        self.ask()
        day = date.today() + timedelta(days=1)
        answers = self._export(date_from=day, date_to=day).worksheets[2]
        self.assertEqual(answers.max_row, 1)
        with self.assertRaises(UserError):
            self._export(date_from=day, date_to=day - timedelta(days=3))

    def test_boards_count_decided_answers(self):
        self.ask()._decide("edited", sent_text="tout autre chose")
        self.ask()
        self.env.flush_all()
        [[count, kept, edited]] = self.env["crm.ai.report"]._read_group(
            [("feature_id", "=", self.feature.id)],
            [],
            ["call_count:sum", "kept_pct:avg", "edit_pct:avg"],
        )
        self.assertEqual((count, kept, edited), (2, 100, 100))

    def test_query_budget_of_the_list(self):
        fields = ["feature_id", "user_id", "state", "model", "decision", "cost"]
        for count in (3, 30):
            for _time in range(count):
                self.ask(run=False)
            self.env.invalidate_all()
            with self.assertQueryCount(8):
                self.env["crm.ai.call"].web_search_read(
                    [], {name: {} for name in fields}, limit=80
                )
