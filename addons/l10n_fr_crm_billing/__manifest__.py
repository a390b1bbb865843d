{
    "name": "CRM Billing: France",
    "summary": "French invoices that are right: mentions, checks, Factur-X, FEC, rates",
    "version": "19.0.1.0.0",
    "category": "Accounting/Localizations",
    "author": "CRM Suite",
    "license": "AGPL-3",
    "depends": [
        "account_edi_ubl_cii",
        "crm_billing",
        "l10n_fr_account",
        "l10n_fr_siret",
    ],
    "data": [
        "data/late_rates.xml",
    ],
}
