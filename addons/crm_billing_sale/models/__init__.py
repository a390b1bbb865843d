from . import (
    crm_collection_file,
    crm_lead,
    crm_treasury_forecast,
    mail_template,
    payment_transaction,
)
