from . import test_connection
from . import test_faults
from . import test_queries
from . import test_rights
from . import test_sending
from . import test_webhooks
