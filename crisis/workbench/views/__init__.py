"""Pages of the round workbench."""
