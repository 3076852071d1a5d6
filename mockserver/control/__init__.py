"""The control API: what a user can ask of a running mock, under ``/_mock/v1/``."""

from mockserver.control.access import Access
from mockserver.control.operation import Control
from mockserver.control.routes import register

__all__ = ["Access", "Control", "register"]
