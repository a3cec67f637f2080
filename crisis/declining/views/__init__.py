"""Pages of regions in decline."""
