{
    "name": "CRM Integrations: Test Partner",
    "summary": "Test-only provider that exercises the exchange engine",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["crm_integrations"],
    "data": ["security/ir.model.access.csv"],
}
