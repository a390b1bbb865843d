from . import crm_collection_file, crm_lead, mail_template, payment_transaction
