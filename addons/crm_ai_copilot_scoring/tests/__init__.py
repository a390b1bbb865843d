from . import test_ranking_by_score
