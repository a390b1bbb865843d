{
    "name": "CRM Signature",
    "summary": "Documents signed online, with the proof inside the file",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_integrations", "mail", "portal", "web"],
    "external_dependencies": {
        "python": [
            "asn1crypto",
            "cryptography",
            # A dash: Odoo reads no name with a dot without `packaging`.
            "pdfminer-six",
            "pyhanko",
            "pyhanko_certvalidator",
            "pypdf",
            "qrcode",
            "reportlab",
            "requests",
        ]
    },
    "data": [
        "security/crm_sign_security.xml",
        "security/ir.model.access.csv",
        "data/queue_job_data.xml",
        "data/ir_cron_data.xml",
        "data/mail_template_data.xml",
        "wizards/crm_sign_template_use_views.xml",
        "views/crm_sign_placement_views.xml",
        "views/crm_sign_request_views.xml",
        "views/crm_sign_request_form_views.xml",
        "views/crm_sign_certificate_views.xml",
        "views/crm_sign_template_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_sign_menus.xml",
        "views/sign_page_templates.xml",
        "views/check_page_templates.xml",
    ],
    "assets": {
        # The public pages: nothing of the web client, no code built from text.
        "crm_sign.assets_sign_page": [
            "web/static/src/module_loader.js",
            "web/static/lib/signature_pad/signature_pad.umd.js",
            "crm_base/static/src/public_page/**/*",
            "crm_sign/static/src/pdf/**/*",
            "crm_sign/static/src/sign_page/**/*",
        ],
        "crm_sign.assets_check_page": [
            "web/static/src/module_loader.js",
            "crm_base/static/src/public_page/**/*",
            "crm_sign/static/src/check_page/**/*",
        ],
        "web.assets_backend": [
            "crm_sign/static/src/pdf/**/*",
            "crm_sign/static/src/placement/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_sign/static/src/sign_page/ink_pad.js",
            "crm_sign/static/tests/*.test.js",
        ],
    },
    "uninstall_hook": "uninstall_hook",
}
