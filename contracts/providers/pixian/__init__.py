"""Pixian.AI, API version 2."""

from pathlib import Path

from contracts.model import Provider

PROVIDER = Provider(
    name="pixian",
    title="Pixian.AI v2",
    package=__name__,
    folder=Path(__file__).parent,
    claims=("/",),
    latency=(1.0, 4.0),
    max_body=33_554_432,
    samples=(("https://example.com/example.jpeg", "example.jpeg"),),
    example=(
        "curl -o pixian_result.png {origin}/api/v2/remove-background -u me:secret"
        " -F image.url=https://example.com/example.jpeg"
    ),
)
