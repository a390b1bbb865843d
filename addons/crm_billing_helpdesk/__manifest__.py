{
    "name": "CRM Billing: Tickets",
    "summary": "An open ticket on an invoice holds its reminders back",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "CRM Suite",
    "license": "AGPL-3",
    "depends": ["crm_billing", "helpdesk_mgmt"],
    "data": [
        "views/helpdesk_ticket_views.xml",
        "views/account_move_views.xml",
        "views/portal_templates.xml",
    ],
    "auto_install": True,
}
