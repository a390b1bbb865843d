from . import test_quote_reads
