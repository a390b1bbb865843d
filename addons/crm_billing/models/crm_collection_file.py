import hashlib
import logging
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..lib.collection_file import Entry, Part, ZipOnDisk, csv_table, safe_name

_logger = logging.getLogger(__name__)

# Above this many invoices the file is built in the background.
INVOICES_AT_ONCE = 5
BLOCK_BYTES = 1 << 20
TYPED = {"partner_id", "company_id", "move_ids"}
GROUPS = ("account.group_account_invoice", "crm_base.crm_base_group_admin")


class CrmCollectionFile(models.Model):
    """Everything a lawyer or a bailiff asks for about one client, in one ZIP.

    Other addons bring their documents by overriding `_iter_section`. A document that
    cannot be made does not stop the file: the index says so.
    """

    _name = "crm.collection.file"
    _description = "Collection File"
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True
    )
    move_ids = fields.Many2many(
        "account.move",
        string="Invoices",
        compute="_compute_move_ids",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('company_id', '=', company_id), ('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_refund'))]",
    )
    state = fields.Selection(
        [
            ("draft", "To build"),
            ("building", "Being built"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    problem = fields.Char(readonly=True, copy=False)
    built_at = fields.Datetime(readonly=True, copy=False)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True, copy=False)
    part_ids = fields.One2many(
        "crm.collection.part", "file_id", string="Documents", readonly=True
    )

    @api.depends("partner_id", "built_at")
    def _compute_name(self):
        for file in self:
            day = fields.Date.to_string(
                file.built_at or fields.Date.context_today(file)
            )
            client = file.partner_id.name
            file.name = f"{client} {day}" if client else self.env._("New")

    @api.depends("partner_id", "company_id")
    def _compute_move_ids(self):
        """The late invoices, when nothing was chosen."""
        for file in self.filtered(lambda f: not f.move_ids and f.partner_id):
            file.move_ids = self.env["account.move"].search(
                [
                    ("commercial_partner_id", "=", file.partner_id.id),
                    ("company_id", "=", file.company_id.id),
                    ("state", "=", "posted"),
                    ("move_type", "=", "out_invoice"),
                    ("amount_residual", ">", 0),
                    ("invoice_date_due", "<", fields.Date.context_today(self)),
                ],
                order="invoice_date, id",
            )

    @api.constrains("partner_id", "move_ids", "company_id")
    def _check_one_client(self):
        for file in self:
            for move in file.move_ids:
                same = (
                    move.commercial_partner_id == file.partner_id
                    and move.company_id == file.company_id
                )
                if not same:
                    raise ValidationError(
                        self.env._(
                            "%(document)s belongs to another client or company: a"
                            " collection file is about one client.",
                            document=move.name,
                        )
                    )

    # === Rights === #

    @api.model_create_multi
    def create(self, vals_list):
        self._check_typed({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        self._check_typed(vals.keys())
        return super().write(vals)

    def unlink(self):
        # sudo: the ZIP goes with its file
        self.sudo().attachment_id.unlink()
        return super().unlink()

    def _check_typed(self, names):
        """Only the building writes the ZIP and what it holds."""
        if not self.env.su and set(names) - TYPED:
            raise AccessError(
                self.env._("A collection file is built, its content is not typed.")
            )

    def _check_collection_right(self):
        if not self.env.su and not any(map(self.env.user.has_group, GROUPS)):
            raise AccessError(
                self.env._("Only accountants and administrators build this file.")
            )

    # === Buttons === #

    @api.model
    def _open_for(self, partners, moves=None):
        """Return the form of a new file for one client."""
        self._check_collection_right()
        partner = partners.commercial_partner_id
        if len(partner) != 1:
            raise UserError(
                self.env._("Choose the documents of one client: one file is for one.")
            )
        values = {"partner_id": partner.id}
        if moves:
            moves.check_access("read")
            values["company_id"] = moves.company_id[:1].id
            values["move_ids"] = [Command.set(moves.ids)]
        file = self.create(values)
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": file.id,
            "view_mode": "form",
        }

    def action_build(self):
        """Build now when it is small, in the background otherwise."""
        self._check_collection_right()
        self.check_access("write")
        for file in self:
            if not file.move_ids:
                raise UserError(
                    self.env._(
                        "Choose the invoices of %(client)s first.",
                        client=file.partner_id.name,
                    )
                )
            # sudo: the state is not typed, it follows the work
            file.sudo().write({"state": "building", "problem": False})
            if len(file.move_ids) > INVOICES_AT_ONCE:
                file.with_delay(
                    identity_key=f"crm_collection_file_{file.id}",
                    description=f"collection file {file.id}",
                )._build()
            else:
                file._build()

    def action_download(self):
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("Build the file first."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }

    # === Building === #

    def _build(self):
        """Write the ZIP to disk, its index, then keep it as an attachment."""
        self.ensure_one()
        # sudo: the right was checked by the button; a job has no user of its own
        file = self.sudo().with_company(self.company_id)
        try:
            with file._working_folder() as folder:
                path = folder / "file.zip"
                entries = file._write_zip(path)
                file._keep(path, entries)
        except (OSError, UserError) as error:
            _logger.warning("collection file %s: %s", file.id, error)
            file.write({"state": "failed", "problem": str(error)})

    @contextmanager
    def _working_folder(self):
        folder = Path(tempfile.mkdtemp(prefix="collection-"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _write_zip(self, path):
        sections = self._get_sections()
        folders = {
            key: f"{number}-{safe_name(label).lower().replace(' ', '-')}"
            for number, (key, label) in enumerate(sections.items(), start=1)
        }
        with ZipOnDisk(path, folders) as archive:
            entries = []
            for key in sections:
                found = [archive.add(part) for part in self._iter_section(key)]
                entries += found or [archive.add(self._get_missing_part(key))]
            for part in self._iter_index(entries):
                archive.add(part)
        return entries

    def _keep(self, path, entries):
        digest = hashlib.sha256()
        with path.open("rb") as source:
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
        sections = self._get_sections()
        self.part_ids.unlink()
        self.attachment_id.unlink()
        self.built_at = fields.Datetime.now()
        self.write(
            {
                "state": "done",
                "sha256": digest.hexdigest(),
                "attachment_id": self._store_zip(path).id,
                "part_ids": [
                    Command.create(self._prepare_part(number, entry, sections))
                    for number, entry in enumerate(entries)
                ],
            }
        )

    def _prepare_part(self, number, entry, sections):
        part = entry.part
        return {
            "sequence": number,
            "section": sections[part.section],
            "name": part.title,
            "date": part.day,
            "document": part.document,
            "path": entry.path,
            "size": entry.size,
            "sha256": entry.sha256,
            "note": part.note,
        }

    def _store_zip(self, path):
        """Move the ZIP into the filestore; core would read it into memory."""
        name = safe_name(f"{self._get_title()} {self.name}") + ".zip"
        attachments = self.env["ir.attachment"]
        values = {
            "name": name,
            "res_model": self._name,
            "res_id": self.id,
            "mimetype": "application/zip",
        }
        if attachments._storage() != "file":
            return attachments.create({**values, "raw": path.read_bytes()})
        digest = hashlib.sha1(usedforsecurity=False)
        with path.open("rb") as source:
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
        checksum = digest.hexdigest()
        store_name = f"{checksum[:2]}/{checksum}"
        target = attachments._full_path(store_name)
        size = path.stat().st_size
        os.makedirs(os.path.dirname(target), exist_ok=True)
        # Listed first: an aborted transaction leaves nothing behind.
        attachments._mark_for_gc(store_name)
        shutil.move(path, target)
        attachment = attachments.create(values)
        attachment.flush_recordset()
        # Core drops these from write(): it computes them from bytes in memory.
        self.env.cr.execute(
            "UPDATE ir_attachment SET store_fname = %s, checksum = %s, file_size = %s,"
            " mimetype = 'application/zip', db_datas = NULL WHERE id = %s",
            (store_name, checksum, size, attachment.id),
        )
        attachment.invalidate_recordset()
        return attachment

    # === What is in it === #

    @api.model
    def _get_title(self):
        return self.env._("Collection file")

    @api.model
    def _get_sections(self):
        """Return {key: folder and heading}, in the order of the file."""
        return {
            "order": self.env._("Quotations and orders"),
            "delivery": self.env._("Proofs of delivery"),
            "invoice": self.env._("Invoices"),
            "reminder": self.env._("Reminders"),
            "interest": self.env._("Late interest"),
            "statement": self.env._("Statement of account"),
        }

    def _iter_section(self, section):
        """Yield the parts of one section, one document in memory at a time.

        Addons override it: `yield from super()._iter_section(section)`, then their
        own `lib.collection_file.Part` when the section is theirs.
        """
        method = getattr(self, f"_iter_{section}_parts", None)
        if method:
            yield from method()

    def _get_missing_part(self, section):
        notes = {
            "order": self.env._("No signed quotation or order found."),
            "delivery": self.env._("No proof of delivery found."),
            "invoice": self.env._("No invoice found."),
            "reminder": self.env._("No reminder was sent."),
            "interest": self.env._("No late interest is owed."),
            "statement": self.env._("No entry found."),
        }
        return Part(section, note=notes.get(section, self.env._("Nothing found.")))

    def _iter_index(self, entries: list[Entry]):
        """Yield the index as CSV and PDF, at the root of the ZIP."""
        sections = self._get_sections()
        header = [
            self.env._("Section"),
            self.env._("Document"),
            self.env._("Date"),
            self.env._("Invoice or order"),
            self.env._("File"),
            self.env._("Bytes"),
            self.env._("SHA-256"),
            self.env._("Note"),
        ]
        rows = [
            (
                sections[entry.part.section],
                entry.part.title,
                entry.part.day,
                entry.part.document,
                entry.path,
                entry.size or None,
                entry.sha256,
                entry.part.note,
            )
            for entry in entries
        ]
        yield Part("", "index.csv", content=csv_table(header, rows))
        yield self._render_part(
            Part("", "index.pdf"),
            "crm_billing.collection_index_report",
            self.ids,
            {"index": {"file": self, "header": header, "rows": rows}},
        )

    def _render_part(self, part, report, ids, data=None):
        """Return the part with its PDF, or a note about why there is none."""
        try:
            content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
                report, ids, data=data
            )
        except UserError as error:
            _logger.warning("collection file %s: %s: %s", self.id, part.name, error)
            return self._fail_part(part, error)
        name = part.name.removesuffix(".pdf") + f".{kind}"
        return Part(
            part.section, name, part.title, part.day, part.document, content, part.note
        )

    def _fail_part(self, part, error):
        note = self.env._("Could not be produced: %(cause)s", cause=str(error))
        return Part(
            part.section, title=part.title, day=part.day, document=part.document,
            note=note,
        )  # fmt: skip

    @api.model
    def _get_attachment_content(self, attachment):
        """Return the path of a stored file, its bytes when the database holds it."""
        if attachment.store_fname:
            path = Path(attachment._full_path(attachment.store_fname))
            if path.is_file():
                return path
        return attachment.raw or b""
