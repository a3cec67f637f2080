"""Regions in decline (plan ⑨): designations, rural complexes, local resources, special zones, fund projects."""
