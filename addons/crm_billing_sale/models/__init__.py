from . import crm_lead, mail_template, payment_transaction
