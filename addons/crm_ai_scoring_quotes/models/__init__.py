from . import crm_quote_event
from . import crm_score_features
from . import crm_score_reader
