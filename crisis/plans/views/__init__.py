"""The pages of prevention plans."""
