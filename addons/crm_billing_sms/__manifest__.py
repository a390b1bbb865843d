{
    "name": "CRM Billing: SMS",
    "summary": "Payment reminders by SMS",
    "version": "19.0.1.0.0",
    "category": "Accounting",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_billing", "sms"],
    "data": ["data/sms_template_data.xml", "views/crm_dunning_step_views.xml"],
    "auto_install": True,
}
