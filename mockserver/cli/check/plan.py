"""``--dry-run``: what would be sent, and what it could cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contracts.conformance.server import ServerCheck
    from contracts.model import Exchange, Request

_LONGEST = 100


class Silent:
    """Stands where requests are sent, and sends none."""

    sent = connections = 0

    def send(self, request: Request) -> Exchange:
        """Refuse to send *request*.

        Raises:
            AssertionError: always.
        """
        raise AssertionError(f"a dry run sends nothing, not even {request.method} {request.path}")


def show(check: ServerCheck, refusal: str = "") -> None:
    """Print every fixed request of *check*, and how many generated ones may follow; nothing is sent.

    *refusal* is why the same command would not run without ``--dry-run``, or empty.
    """
    if refusal:
        click.echo(f"Without --dry-run this command sends nothing, but ends with: {refusal}\n")
    total, cost, answers = 0, 0.0, 0
    for campaign in check.chosen():
        cases = check.cases(campaign)
        generated = check.options.examples if campaign.generated else 0
        more = f", and up to {generated} generated cases" if generated else ""
        click.echo(f"{campaign.name}: {campaign.purpose}{more}")
        for case in cases:
            total += len(case.steps)
            cost += case.credits
            click.echo(f"  {case.name[:_LONGEST]}")
            answers += sum(check.kit.names_results and step.request.method == "POST" for step in case.steps)
            for step in case.steps:
                asked = check.kit.described(step.request)[:_LONGEST]
                size = f"{len(step.request.body):,} bytes" if step.request.body else ""
                paid = f"at most {step.credits:g} credits" if step.credits else "free"
                words = [step.request.method, f"{check.origin}{step.request.path}", asked, size, f"({paid})"]
                click.echo("    " + " ".join(word for word in words if word))
    click.echo(f"\n{_sum(check, total, answers)}; at most {cost:g} credits for the fixed ones. Nothing was sent.")
    if not check.options.charges:
        click.echo("What could cost credits is left out; --allow-charges shows it as well.")


def _sum(check: ServerCheck, fixed: int, answers: int) -> str:
    """Return how many requests there are: *fixed* ones, those for what *answers* name, and generated cases."""
    generated = check.options.examples * sum(campaign.generated is not None for campaign in check.chosen())
    follows = f", up to {answers} that fetch what the answers name" if answers else ""
    more = f", up to {generated} generated cases of one request or more, and smaller ones" if generated else ""
    return (
        f"1 request to see who answers, {fixed} fixed requests{follows}{more}: {1 + fixed + answers + generated} in all"
    )
