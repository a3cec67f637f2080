"""Tiers of regional firms: potential, preliminary, leading; the criteria, cases, decisions and plans behind them."""
