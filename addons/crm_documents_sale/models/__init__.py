from . import crm_document_values
from . import sale_order
