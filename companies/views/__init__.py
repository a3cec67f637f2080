"""Pages of companies and clusters."""

from companies.views.clusters import cluster, clusters

__all__ = ["cluster", "clusters"]
