"""Scripts that run inside Odoo's process, in the project's Python."""
