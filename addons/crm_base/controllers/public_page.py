"""What the pages for people without an account have in common."""

from odoo.http import request

# Nobody keeps, frames or finds them, and their address, a key, is told to nobody.
PRIVATE_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("X-Robots-Tag", "noindex, nofollow"),
)
_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def page_headers(**sources):
    """Return the headers of a page that may load styles and pictures of ours only.

    :param sources: what else it may do, as ``script_src="'self'"``
    """
    named = {name.replace("_", "-"): allowed for name, allowed in sources.items()}
    policy = "; ".join(f"{name} {value}" for name, value in (_POLICY | named).items())
    return [*PRIVATE_HEADERS, ("Content-Security-Policy", policy)]


def render_page(template, values, *, assets, headers, status=200):
    """Answer with a template that calls `crm_base.public_page`.

    :param assets: bundle of the page; its first file is ``public_page.css``
    """
    values = {
        **values,
        # Not t-call-assets: it writes a script into an attribute of its tags.
        "assets": request.env["ir.qweb"]._get_asset_links(assets),
        "html_lang": (request.env.lang or "en").replace("_", "-"),
    }
    return request.render(template, values, headers=headers, status=status)
