"""The terms on which the mock is examined: who asks, and what the mock does on purpose, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.schemathesis.engine import Finding


@dataclass(frozen=True, slots=True)
class Allowance:
    """One objection of *check* to answers of *provider* that is no fault, and why.

    ``title`` is Schemathesis's name for it, ``status`` is that of the answer, and ``says`` is a part of what the answer
    or the objection says.
    """

    provider: str
    check: str
    title: str
    status: int
    says: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether *finding* is this objection."""
        same = (finding.check, finding.title, finding.answer.status) == (self.check, self.title, self.status)
        return same and (self.says in finding.message or self.says in finding.answer.body.decode(errors="replace"))


CREDENTIALS = {
    "pixian": {"basic": {"username": "schemathesis", "password": "secret"}},
    "xty": {"bearer": {"bearer": "sk-schemathesis"}},
}
"""What each security scheme asks for."""

_ACCEPTANCE = ("positive_data_acceptance", "Schema-valid request rejected")
_UNFETCHED = "By default the mock fetches the sample URLs only."
_UNFETCHABLE = "No pattern can tell every URL that cannot be fetched, such as one with a port beyond 65535."

ALLOWANCES = (
    Allowance(
        "pixian",
        "ignored_auth",
        "API accepts invalid authentication",
        200,
        "",
        "Any id and secret open a fresh account. That requests without credentials are refused is checked all the same:"
        " that objection has another title.",
    ),
    Allowance(
        "pixian",
        *_ACCEPTANCE,
        400,
        "A delta PNG needs an image that max_pixels leaves as it is.",
        "No schema can say how many pixels a picture has.",
    ),
    Allowance(
        "pixian",
        *_ACCEPTANCE,
        400,
        "The result would be too large.",
        "Margins and target sizes that are allowed one by one can make a result that no memory holds.",
    ),
    Allowance(
        "pixian",
        "negative_data_rejection",
        "Schema-violating request accepted",
        200,
        "violates `required` at /anyOf/",
        "One of three pictures was taken out of a form. Where another is left the form is still right, but Schemathesis"
        " cannot tell that of a form with a file.",
    ),
    Allowance("pixian", *_ACCEPTANCE, 400, "--fetch", _UNFETCHED),
    Allowance("pixian", *_ACCEPTANCE, 400, "The image URL", _UNFETCHABLE),
    Allowance("xty", *_ACCEPTANCE, 400, "--fetch", _UNFETCHED),
    Allowance("xty", *_ACCEPTANCE, 400, "The image URL", _UNFETCHABLE),
    Allowance(
        "xty",
        "not_a_server_error",
        "Server error",
        503,
        '"model_not_found"',
        "For an unknown model the gateway has a permanent 503.",
    ),
)
