import logging
import mimetypes
from contextlib import nullcontext
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg2
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.security import safe_join

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, root
from odoo.tools import file_open

from odoo.addons.base.models.assetsbundle import ANY_UNIQUE
from odoo.addons.web.controllers.binary import Binary
from odoo.addons.web.controllers.report import ReportController

from ..lib.assets import Asset, drop_breakpoints, find_own_path

_logger = logging.getLogger(__name__)

# What a report may load, by the routes of core that serve it elsewhere. Nothing
# else is answered: a document cannot make the server do something by naming it.
ROUTES = Map(
    [
        Rule(route, endpoint=name, methods=["GET"])
        for name, endpoint in (
            ("bundle", Binary.content_assets),
            ("image", Binary.content_image),
            ("content", Binary.content_common),
            ("logo", Binary.company_logo),
            ("barcode", ReportController.report_barcode),
        )
        for route in endpoint.original_routing["routes"]
    ],
    strict_slashes=False,
)
# A style sheet is the same text in report after report.
_drop_breakpoints = lru_cache(maxsize=8)(drop_breakpoints)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _make_asset_reader(self):
        """Return the function that gives Chromium the parts of a document.

        It answers from this process, with the rights of the user who prints (of
        nobody for the system user, as core does): no request to the own server, no
        session, no other host.
        """
        env = self.env
        if env.uid == SUPERUSER_ID:
            env = env(user=env.ref("base.public_user").id, su=False)
        elif env.su:
            env = env(su=False)
        report = self.with_env(env)
        own_urls = report._get_own_urls()

        def read(url):
            path = find_own_path(url, own_urls)
            return report._read_asset(path) if path else None

        return read

    @api.model
    def _get_own_urls(self):
        """Addresses that mean this server."""
        own_urls = {self.sudo()._get_report_url()}
        own_urls.add(
            self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        )
        if request:
            own_urls.add(request.httprequest.host_url)
        return own_urls

    @api.model
    def _read_asset(self, path):
        """Return the asset at a path of this server, None when it is not given."""
        parts = urlsplit(path)
        try:
            static = self._read_static_asset(unquote(parts.path))
            if static:
                return static
            name, values = ROUTES.bind("localhost").match(parts.path, method="GET")
            reader = self._get_asset_readers()[name]
            with self.env.cr.savepoint(flush=False):
                return reader(**{**dict(parse_qsl(parts.query)), **values})
        except (AccessError, HTTPException, MissingError, OSError, UserError) as error:
            _logger.info("A report asks for %s and does not get it: %s", path, error)
        except psycopg2.OperationalError:
            raise  # the transaction is tried again as a whole
        except Exception as error:
            # One part of many, named by a document: the rest is printed all the same.
            _logger.info("A report asks for %s in vain: %r", path, error)
        return None

    @api.model
    def _get_asset_readers(self):
        """Hook: functions that answer the routes, by their name in `ROUTES`."""
        return {
            "bundle": self._read_bundle,
            "image": self._read_image,
            "content": self._read_content,
            "logo": self._read_logo,
            "barcode": self._read_barcode,
        }

    @api.model
    def _read_static_asset(self, path):
        """A file of the static folder of an addon."""
        addon, mark, name = path.lstrip("/").partition("/static/")
        folder = root.static_path(addon) if mark and "/" not in addon else None
        full_name = safe_join(folder, name) if folder else None
        if not full_name:
            return None
        with file_open(full_name, "rb") as file:
            content = file.read()
        mimetype = mimetypes.guess_type(full_name)[0] or "application/octet-stream"
        return Asset(content, mimetype, is_public=True)

    @api.model
    def _read_bundle(self, filename, unique=ANY_UNIQUE, **kwargs):
        """A bundle of styles; scripts are not given, reports run none."""
        bundle_name, rtl, kind, autoprefix = self.env["ir.asset"]._parse_bundle_name(
            filename, unique == "debug"
        )
        if kind != "css":
            return None
        # What is missing is made now, and kept: not on a read-only copy.
        with (
            self.env.registry.cursor(readonly=False)
            if self.env.cr.readonly
            else nullcontext(self.env.cr)
        ) as cr:
            # sudo: styles are the same for everybody.
            bundle = self.env(cr=cr, su=True)["ir.qweb"]._get_asset_bundle(
                bundle_name, css=True, js=False, rtl=rtl, autoprefix=autoprefix
            )
            content = bundle.css().raw if bundle.stylesheets else b""
        return Asset(_drop_breakpoints(content), "text/css", is_public=True)
