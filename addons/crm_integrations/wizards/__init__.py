from . import crm_exchange_body
