from . import test_access
from . import test_approve
from . import test_engine
from . import test_js
from . import test_recording
from . import test_source
