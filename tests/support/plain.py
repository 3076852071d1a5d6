"""Clients for http:// alone."""

from __future__ import annotations

import ssl

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Knows no authority: to load those of the system for every client takes longer than any answer."""
