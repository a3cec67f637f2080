"""The pages of preferential measures."""
