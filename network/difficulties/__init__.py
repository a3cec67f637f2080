"""Firms in difficulty (위기·애로기업): one open case a company, on which several bodies work together."""
