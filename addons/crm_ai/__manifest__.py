{
    "name": "CRM AI",
    "summary": "Language models behind one door: your own, a vendor's, or none",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "CRM Suite",
    "license": "LGPL-3",
    "depends": ["bus", "crm_integrations", "mail"],
    "external_dependencies": {
        "python": ["anthropic", "httpcore2", "httpx2", "openai", "pydantic"]
    },
    "data": [],
}
