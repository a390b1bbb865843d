from . import crm_lead
from . import crm_quote_event
