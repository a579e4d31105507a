"""Time and memory beside peers and hand-written engines, as ratios within one run: ``python -m benchmarks``."""
