"""How the control API says no."""

from __future__ import annotations


class RefusalError(Exception):
    """A request is not carried out: ``status`` says how, ``field`` where it is wrong, ``problem`` what.

    ``headers`` are the header fields that the status asks for.
    """

    def __init__(self, status: int, problem: str, field: str = "", headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Keep status, sentence, place and header fields."""
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.field = field
        self.headers = headers

    def told(self) -> dict[str, object]:
        """Return this as JSON."""
        return {"error": {"status": self.status, "field": self.field, "message": self.problem}}
