from . import test_french_database
