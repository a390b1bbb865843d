import lxml.html

from odoo.addons.report_chromium.lib.edges import Sheet, build_edges, number_sheets

DOCUMENT = """<!DOCTYPE html><html lang="fr"><head><base href="http://crm.test"/>
<link rel="stylesheet" href="/a.css"/><script>subst()</script></head>
<body class="container o_css_margins" onload="subst()" dir="rtl">
<div id="minimal_layout_report_{kind}s">{parts}</div></body></html>"""


def make(kind, *texts):
    parts = "".join(f'<div class="{kind}">{text}</div>' for text in texts)
    return DOCUMENT.format(kind=kind, parts=parts)


def strips(edges):
    root = lxml.html.document_fromstring(edges.html)
    return {node.get("data-rc"): node for node in root.xpath("//*[@data-rc]")}


def test_each_record_has_its_own_strip():
    edges = build_edges(make("header", "un", "deux"), make("footer", "bas"), 700)
    assert (edges.headers, edges.footers) == (2, 1)
    found = strips(edges)
    assert sorted(found) == ["footer-0", "header-0", "header-1"]
    assert found["header-1"].text_content() == "deux"
    assert "o_css_margins" in found["header-0"].get("class")
    assert "width:700.00px" in found["header-0"].get("style")


def test_styles_stay_and_scripts_go():
    html = build_edges(make("header", "x<script>y()</script>"), None, 700).html
    assert "/a.css" in html and 'href="http://crm.test"' in html
    assert "<script" not in html and "onload" not in html
    assert 'dir="rtl"' in html and 'lang="fr"' in html


def test_a_footer_alone_brings_its_styles():
    edges = build_edges(None, make("footer", "bas"), 700)
    assert (edges.headers, edges.footers) == (0, 1)
    assert "/a.css" in edges.html


def test_a_header_made_by_the_report_itself_is_one_part():
    edges = build_edges("<body>Tête &lt;b&gt; <p>à part</p></body>", "", 700)
    assert edges.headers == 1
    assert strips(edges)["header-0"].text_content() == "Tête <b> à part"


def test_nothing_gives_nothing():
    for nothing in (None, "", "  \n"):
        edges = build_edges(nothing, nothing, 700)
        assert (edges.headers, edges.footers) == (0, 0)


def test_quotes_in_attributes_stay_inside():
    header = make("header", "x").replace('dir="rtl"', "dir='rtl\" onx=\"y'")
    assert 'onx="y"' not in build_edges(header, None, 700).html


def test_parts_go_only_into_a_document_with_the_same_styles():
    edges = build_edges(make("header", "haut"), None, 700)
    assert edges.fits_into('<link href="/a.css" rel="stylesheet"><p>x</p>')
    assert not edges.fits_into('<link href="/b.css" rel="stylesheet"><p>x</p>')
    assert not edges.fits_into("<p>x</p>")
    assert "haut" in edges.parts


def test_pages_are_counted_per_record():
    assert number_sheets([1, 2]) == [Sheet(0, 1, 1), Sheet(1, 1, 2), Sheet(1, 2, 2)]
