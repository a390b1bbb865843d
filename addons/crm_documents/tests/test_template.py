from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import BODY, DocumentCase, make_docx


@tagged("post_install", "-at_install")
class TestTemplate(DocumentCase):
    def test_an_unknown_name_is_refused_with_its_line_and_a_suggestion(self):
        with self.assertRaises(ValidationError) as error:
            self.template.body_html = "<p>Un</p><p>{{ client.nme }}</p>"
        message = str(error.exception)
        self.assertIn("2", message)
        self.assertIn("client.nme", message)
        self.assertIn("{{ client.nom }}", message)

    def test_every_problem_has_a_sentence(self):
        from ..lib.problems import CODES

        sentences = self.env["crm.document.sentences"]
        for code in CODES:
            self.assertTrue(sentences._get_problem_sentence(code, "x"))
        from ..lib.office_file import FileRefused

        for reason in FileRefused.REASONS:
            self.assertTrue(sentences._explain_refused_file(reason))
        for reason in (
            "waiting",
            "late",
            "absent",
            "printer",
            "timeout",
            "too_large",
            "failed",
        ):
            self.assertTrue(sentences._explain_no_pdf(reason))

    def test_a_long_list_of_problems_is_cut(self):
        body = "".join(f"<p>{{{{ x.y{i} }}}}</p>" for i in range(40))
        with self.assertRaises(ValidationError) as error:
            self.template.body_html = body
        self.assertEqual(len(str(error.exception).splitlines()), 17)

    def test_a_change_of_kind_is_checked_again(self):
        self.assertEqual(self.template.version_number, 1)
        with self.assertRaises(ValidationError):
            self.template.res_model = "res.users"

    def test_each_content_is_a_version_and_a_rename_is_none(self):
        self.template.name = "Autre nom"
        self.assertEqual(self.template.version_number, 1)
        self.template.body_html = "<p>Deux</p>"
        self.template.body_html = "<p>Deux</p>"
        self.assertEqual(self.template.version_number, 2)
        self.template.version_ids.filtered(lambda v: v.number == 1).action_restore()
        self.assertEqual(self.template.version_number, 3)
        self.assertIn("{{ client.nom }}", self.template.body_html)
        self.assertEqual(self.template.version_ids.mapped("is_current").count(True), 1)

    def test_a_version_is_never_changed_or_deleted(self):
        version = self.template.version_id
        with self.assertRaises(UserError):
            version.sudo().body_html = "<p>x</p>"
        for user in (self.admin, self.nocode, self.seller):
            with self.assertRaises(UserError):
                version.with_user(user).write({"body_html": "<p>x</p>"})
            with self.assertRaises(AccessError):
                version.with_user(user).unlink()
            with self.assertRaises(AccessError):
                version.with_user(user).create(
                    {"template_id": self.template.id, "number": 9, "format": "html"}
                )

    def test_a_used_template_is_archived_not_deleted(self):
        document = self.make_document()
        with self.assertRaises(UserError):
            self.template.unlink()
        self.template.action_archive()
        self.assertEqual(document.version_id, self.template.version_id)
        self.assertEqual(self.template.document_count, 1)

    def test_an_unused_template_goes_with_its_versions(self):
        template = self.template.copy()
        self.assertNotEqual(template.name, self.template.name)
        version = template.version_id
        template.with_user(self.nocode).unlink()
        self.assertFalse(version.exists())

    def test_optional_sections_are_found(self):
        self.assertEqual(
            self.template._get_options(self.template.version_id), ["Remerciements"]
        )

    def test_places_of_signatures_are_no_names(self):
        self.template.body_html = BODY + "<p>{{sign:1}}</p>"
        self.assertIn("{{sign:1}}", self.template.body_html)

    def test_hostile_texts_are_refused(self):
        for hostile in (
            "<p>{{ client.nom.__class__ }}</p>",
            "<p>{{ env['res.users'] }}</p>",
            "<p>{% for u in object.env.user %}{% fin %}</p>",
            '<p><img src="http://169.254.169.254/latest"></p>',
        ):
            with self.assertRaises(ValidationError, msg=hostile):
                self.template.body_html = hostile

    def test_a_docx_is_checked_like_a_text(self):
        values = {"name": "Word", "format": "docx"}
        Template = self.env["crm.document.template"]
        with self.assertRaises(ValidationError):
            Template.create(values)
        with self.assertRaises(ValidationError):
            Template.create({**values, "docx_file": b"UEsDBAo="})
        with self.assertRaises(ValidationError) as error:
            Template.create({**values, "docx_file": make_docx("a", "{{ client.x }}")})
        self.assertIn("2", str(error.exception))
        template = Template.create(
            {
                **values,
                "docx_file": make_docx("{{ client.nom }} {% option A %}{% fin %}"),
            }
        )
        self.assertEqual(template._get_options(template.version_id), ["A"])
