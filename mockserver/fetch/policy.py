"""Which addresses may be fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from contracts.behaviour import ImageError, Trouble

if TYPE_CHECKING:
    from mockserver.fetch.address import Kind

Policy = Literal["fixtures", "loopback", "public", "all"]
"""The values of ``--fetch``, each of which also gives the sample pictures.

``fixtures`` fetches nothing else; ``loopback`` also fetches from this machine's loopback addresses, the server's own
included; ``public`` from addresses of the open internet, never from any other; ``all`` from anywhere.
"""


def permits(policy: Policy, kind: Kind) -> bool:
    """Tell whether *policy* lets the server connect to an address of *kind*."""
    return policy in {"all", kind.value}


def refusal(where: str, reason: str, *switches: Policy) -> ImageError:
    """Return the error for *where*, which is not fetched because it *reason*; one of *switches* would allow it."""
    allowed = " or ".join(f"--fetch {switch}" for switch in switches)
    advice = f"send a file or a data: URL instead; a server of your own fetches it if started with {allowed}"
    return ImageError(Trouble.URL_REFUSED, f"{where} {reason}; {advice}.")


def refusal_of(where: str, address: str, kind: Kind) -> ImageError:
    """Return the error for *where*, whose *address* is of a *kind* that the policy in force does not permit."""
    reason = f"is at {address}, a {kind.value} address"
    if kind.value == "public":
        return refusal(where, reason, "public", "all")
    if kind.value == "loopback":
        return refusal(where, reason, "loopback", "all")
    return refusal(where, reason, "all")
