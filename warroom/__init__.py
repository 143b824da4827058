"""warroom: a terminal war room for people on call, and the incident service behind it."""

__all__ = ["__version__"]

__version__ = "0.1.0"
