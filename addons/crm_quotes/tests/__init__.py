from . import test_acceptance
from . import test_comparison
from . import test_portal
from . import test_queries
from . import test_reading
from . import test_restore
from . import test_rights
from . import test_versions
