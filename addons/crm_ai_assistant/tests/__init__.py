from . import test_discuss
from . import test_js
from . import test_model
from . import test_proposals
from . import test_rights
from . import test_rules
