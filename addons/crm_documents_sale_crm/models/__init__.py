from . import crm_document_values
