"""Faults of the body of an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from mockserver.faults.fault import Fault

if TYPE_CHECKING:
    from contracts.model import Response


@dataclass(frozen=True, slots=True)
class ReplaceFault(Fault):
    """Another text in the body: ``by`` wherever there was ``text``."""

    kind: ClassVar[str] = "replace"

    text: str
    by: str = ""

    @property
    def sentence(self) -> str:
        """What happens, in a few words."""
        return f"{self.by!r} in the body in place of {self.text!r}"

    def response(self, response: Response) -> Response:
        """Return *response* with the other text; itself, if it does not have the first one."""
        body = response.body.replace(self.text.encode(), self.by.encode())
        return response if body == response.body else replace(response, body=body)
