"""XTY, model ``remove-bg``."""

from pathlib import Path

from contracts.model import Provider

_BODY = (
    '{"model":"remove-bg","messages":[{"role":"user","content":[{"type":"text","text":"a person"},'
    '{"type":"image_url","image_url":{"url":"https://file.xty.app/docs/msk.jpg"}}]}]}'
)

PROVIDER = Provider(
    name="xty",
    title="XTY remove-bg",
    package=__name__,
    folder=Path(__file__).parent,
    claims=("/v1/", "/files/"),
    latency=(3.0, 10.0),
    max_body=33_554_432,
    samples=(("https://file.xty.app/docs/msk.jpg", "msk.jpg"),),
    example=(
        'curl -o xty_result.png "$(curl -s {origin}/v1/chat/completions -H "Authorization: Bearer sk-xxxxx"'
        f""" -H "Content-Type: application/json" -d '{_BODY}' | grep -o 'http[^"]*')\""""
    ),
    request_id="X-Oneapi-Request-Id",
)
