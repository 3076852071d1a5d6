"""A made-up provider in a package of its own."""

from pathlib import Path

from contracts.model import Provider

PROVIDER = Provider(
    name="toy",
    title="Toy cut-outs",
    package=__name__,
    folder=Path(__file__).parent,
    claims=("/toy/",),
    latency=(0.5, 0.5),
    max_body=1_000_000,
    samples=(),
    example="curl -o toy.png {origin}/toy/cutouts -H 'Toy-Key: me' --data-binary @picture.png",
)
