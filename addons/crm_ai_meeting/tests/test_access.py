from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import MeetingCase

MODELS = ("crm.meeting.summary", "crm.meeting.item", "crm.meeting.chunk")


@tagged("post_install", "-at_install")
class TestAccess(MeetingCase):
    """The owner, whoever may read the deal, the administrator; nobody else."""

    def setUp(self):
        super().setUp()
        self.summary = self.summed_up()
        self.attachment = self.summary._make_attachment(
            "a.webm", b"sound", "audio/webm"
        )
        self.env.invalidate_all()

    def sees(self, user):
        """Return whether a user finds and reads summary, items and sound."""
        answers = []
        for record in (self.summary, self.summary.sudo().item_ids[:1]):
            mine = record.with_user(user)
            try:
                found = bool(mine.search([("id", "in", record.ids)]))
            except AccessError:
                found = False
            try:
                mine.read(["display_name"])
                read = True
            except AccessError:
                read = False
            self.assertEqual(found, read, (user.login, record._name))
            answers.append(read)
        try:
            self.attachment.with_user(user).read(["raw"])
            answers.append(True)
        except AccessError:
            answers.append(False)
        return answers

    def test_who_sees_a_meeting(self):
        public = self.env.ref("base.public_user")
        self.assertEqual(self.sees(self.seller), [True] * 3)
        self.assertEqual(self.sees(self.admin), [True] * 3)
        for user in (self.colleague, self.stranger, self.portal, public):
            self.assertEqual(self.sees(user), [False] * 3, user.login)
            with self.assertRaises(AccessError):
                self.summary.with_user(user).get_review()

    def test_whoever_may_read_the_deal_reads_its_meetings(self):
        self.lead.user_id = False
        self.assertEqual(self.sees(self.colleague), [True] * 3)
        self.lead.user_id = self.colleague
        self.assertEqual(self.sees(self.colleague), [True] * 3)
        # the owner keeps what he recorded
        self.assertEqual(self.sees(self.seller), [True] * 3)

    def test_nobody_makes_a_meeting_of_a_hidden_deal(self):
        for user in (self.colleague, self.stranger, self.portal):
            with self.assertRaises(AccessError):
                self.drop(user=user)

    def test_a_hidden_meeting_takes_nothing(self):
        hidden = self.summary.with_user(self.colleague)
        for change in (
            lambda: hidden.action_approve(),
            lambda: hidden.action_discard(),
            lambda: hidden.action_retry(),
            lambda: hidden.start_recording(),
            lambda: hidden._replace_text("a.txt", b"Bonjour"),
            lambda: hidden.write({"name": "x"}),
            lambda: (
                self.env["crm.meeting.item"]
                .with_user(self.colleague)
                .create({"summary_id": self.summary.id, "kind": "rival"})
            ),
        ):
            with self.assertRaises(AccessError):
                change()

    def test_sellers_delete_no_summary(self):
        with self.assertRaises(AccessError):
            self.summary.unlink()

    def test_chunks_are_written_by_nobody(self):
        for user in (self.seller, self.admin):
            with self.assertRaises(AccessError):
                self.env["crm.meeting.chunk"].with_user(user).create(
                    {"summary_id": self.summary.id}
                )

    def test_portal_and_visitors_have_no_row_at_all(self):
        public = self.env.ref("base.public_user")
        for model in MODELS:
            for user in (self.portal, public):
                for operation in ("read", "write", "create", "unlink"):
                    self.assertFalse(
                        self.env[model].with_user(user).has_access(operation)
                    )

    def test_lists_cost_the_same_for_few_and_many(self):
        def count(amount):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            summaries = self.env["crm.meeting.summary"].with_user(self.seller)
            summaries.search_read(
                [], ["name", "state", "action_count", "lead_id"], limit=amount
            )
            return self.env.cr.sql_log_count - before

        for _ in range(11):
            self.drop()
        self.env.flush_all()
        count(1)  # warms caches of rights
        few, many = count(2), count(12)
        self.assertLessEqual(many, few)
        self.assertLess(many, 25)
