from . import crm_document
from . import crm_document_values
