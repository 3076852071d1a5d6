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

    sent = 0

    def send(self, request: Request) -> Exchange:
        """Refuse to send *request*.

        Raises:
            AssertionError: always.
        """
        raise AssertionError(f"a dry run sends nothing, not even {request.method} {request.path}")


def show(check: ServerCheck) -> None:
    """Print every fixed request of *check*, and how many generated ones may follow; nothing is sent."""
    total, cost = 0, 0.0
    for campaign in check.chosen():
        cases = check.cases(campaign)
        generated = check.options.examples if campaign.generated else 0
        more = f", and up to {generated} generated cases" if generated else ""
        click.echo(f"{campaign.name}: {campaign.purpose}{more}")
        for case in cases:
            total += len(case.steps)
            cost += case.credits
            click.echo(f"  {case.name[:_LONGEST]}")
            for step in case.steps:
                asked = check.kit.described(step.request)[:_LONGEST]
                size = f"{len(step.request.body):,} bytes" if step.request.body else ""
                paid = f"at most {step.credits:g} credits" if step.credits else "free"
                words = [step.request.method, f"{check.origin}{step.request.path}", asked, size, f"({paid})"]
                click.echo("    " + " ".join(word for word in words if word))
    click.echo(f"\n{total} requests before any generated ones; at most {cost:g} credits. Nothing was sent.")
    if not check.options.charges:
        click.echo("What could cost credits is left out; --allow-charges shows it as well.")
