"""The pages of the surveys."""

from companies.surveys.views.clusters import cluster, clusters
from companies.surveys.views.industries import industries
from companies.surveys.views.rounds import completion_file, round_dates, round_detail, round_new, rounds, targets_new
from companies.surveys.views.sheets import review, target, target_remove
from companies.surveys.views.targets import targets

__all__ = [
    "cluster",
    "clusters",
    "completion_file",
    "industries",
    "review",
    "round_dates",
    "round_detail",
    "round_new",
    "rounds",
    "target",
    "target_remove",
    "targets",
    "targets_new",
]
