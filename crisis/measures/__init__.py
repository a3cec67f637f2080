"""Preferential measures: who is entitled, from when to when, derived from stages and designations."""
