from . import crm_payment_link_wizard
