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
            "pdfminer.six",
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
        "views/crm_sign_request_views.xml",
        "views/crm_sign_certificate_views.xml",
        "views/crm_sign_template_views.xml",
        "views/crm_sign_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
