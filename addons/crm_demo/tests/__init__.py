from . import test_story
from . import test_users
from . import test_environment
