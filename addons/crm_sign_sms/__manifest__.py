{
    "name": "CRM Signature: SMS",
    "summary": "One-time codes and links of signature requests by SMS",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_sign", "sms"],
    "data": ["data/queue_job_data.xml"],
    "auto_install": True,
}
