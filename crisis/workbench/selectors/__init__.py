"""Reads of the workbench: the round on the desk, its rows, the evidence behind them."""
