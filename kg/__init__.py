"""One graph of clinical trials, hospitals, ethics committees and people from registry records."""

__version__ = "0.1.0"
