"""Pages for people, under ``/_mock/``: what happened, and what is to happen next. They use the control API alone."""

from mockserver.dashboard.pages import register

__all__ = ["register"]
