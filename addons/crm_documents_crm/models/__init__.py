from . import crm_document_values
from . import crm_lead
