"""Preferential measures (우대 제도): who is entitled, from when to when, derived from stages and designations."""
