"""Measurements, apart from the tests: ratios to a floor and distributions. Nothing here fails on a time."""
