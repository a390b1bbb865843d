{
    "name": "CRM Billing: SMS",
    "summary": "Payment reminders by SMS",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_billing", "sms"],
    "data": [],
    "auto_install": True,
}
