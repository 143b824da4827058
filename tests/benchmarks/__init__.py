"""Speeds, side by side in one run: `python -m tests.benchmarks` (see `__main__.py`). Not tests."""
