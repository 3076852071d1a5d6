"""Exchanges as an HTTP Archive (HAR 1.2), the file that browsers' developer tools save and open, and back.

What the format cannot hold stands in members named ``_matteproof``, which other readers skip. A browser writes bodies
with any ``Content-Encoding`` undone but names it all the same; both are read as they are written.
"""

from contracts.har.node import HarError
from contracts.har.reading import load
from contracts.har.writing import dump, written

__all__ = ["HarError", "dump", "load", "written"]
