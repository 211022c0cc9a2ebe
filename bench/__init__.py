"""Benchmarks: what a run costs, as ratios to the floor that no validator goes under."""
