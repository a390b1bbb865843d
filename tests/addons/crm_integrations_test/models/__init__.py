from . import crm_connection
from . import crm_integrations_test_effect
