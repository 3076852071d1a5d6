"""Fetching the picture behind a URL, within the limits of a policy."""

from __future__ import annotations

from mockserver.fetch.fetcher import Fetcher, Picture
from mockserver.fetch.policy import Policy

__all__ = ["Fetcher", "Picture", "Policy"]
