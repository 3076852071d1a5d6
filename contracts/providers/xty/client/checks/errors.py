"""What becomes of errors: the client ends, says that it failed, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import claims
from contracts.checks.tries import status
from contracts.model import Claim
from contracts.providers.xty.client.checks.progress import Progress, each_progress, is_success
from contracts.providers.xty.client.checks.registry import CLIENT_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from contracts.checks.finding import Finding
    from contracts.providers.xty.client.checks.call import ClientCall


@CLIENT_CHECKS.together("error.ends")
def errors_end_in_failure(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """After an error the client does not hang; that it claims no success is another rule's matter."""

    def judge(progress: Progress) -> Finding | None:
        if progress.outcome is None or progress.outcome.claim is Claim.SUCCESS:
            return None
        return claims.failure_is_reported(progress.chain, progress.given)

    return each_progress(calls, judge)


@CLIENT_CHECKS.together("error.message")
def messages_of_errors_are_told(calls: Sequence[ClientCall]) -> Iterator[tuple[ClientCall, Finding]]:
    """Where the last answer was an error object, its message is in what the client says of its failure."""

    def judge(progress: Progress) -> Finding | None:
        last = progress.last
        message = last.answer.message if last.answer is not None and claims.is_whole(last.exchange) else None
        if not isinstance(message, str) or not progress.is_alone or (is_success(status(last)) and progress.is_served):
            return None
        return claims.message_is_told(progress.chain, {message})

    return each_progress(calls, judge)
