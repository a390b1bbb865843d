{
    "name": "CRM Suite Kernel",
    "summary": "Roles, encrypted secrets, HTTP and money rules of the CRM Suite",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["base_setup", "mail", "portal"],
    "external_dependencies": {"python": ["cryptography", "requests"]},
    "data": [
        "security/crm_base_security.xml",
        "views/res_config_settings_views.xml",
        "views/crm_base_menus.xml",
        "views/public_page_templates.xml",
    ],
    "assets": {
        "web.assets_backend": [
            # Excluded from the Debian build of Odoo for its licence: the missing
            # file puts an error in the console of every page. Only the blurring
            # of the background in video calls needs it.
            ("remove", "mail/static/lib/selfie_segmentation/selfie_segmentation.js"),
            "crm_base/static/src/days_field/**/*",
            "crm_base/static/src/live_record/**/*",
            "crm_base/static/src/secret_field/**/*",
        ],
        "web.assets_unit_tests": ["crm_base/static/tests/**/*"],
    },
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
}
