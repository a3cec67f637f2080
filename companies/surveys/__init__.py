"""Surveys of firms (실태조사): rounds with entry windows, submissions and their review; clusters counted without
giving firms away; the industries each region is built on."""
