{
    "name": "Reports by Chromium",
    "summary": "Prints every report by a kept-alive Chromium, header and footer too",
    "version": "19.0.1.0.0",
    "category": "Technical",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["base", "web"],
    "external_dependencies": {"python": ["psutil", "pypdf"]},
    "assets": {
        "web.assets_backend": ["report_chromium/static/src/engine_warning/*"],
        "web.assets_unit_tests": ["report_chromium/static/tests/*.test.js"],
    },
}
