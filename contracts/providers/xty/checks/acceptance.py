"""What a server has to take: the endpoint, texts, pictures, and what OpenAI's clients send besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from contracts.checks import Finding
    from contracts.providers.xty.checks.call import Call

_COMPLETION = "a completion"
_BY_SDK = "X-Stainless-Lang"
"""A header field that OpenAI's SDKs send, and nobody else."""
_OPENAI_KEYS = frozenset(
    {
        "frequency_penalty",
        "max_completion_tokens",
        "max_tokens",
        "n",
        "presence_penalty",
        "seed",
        "temperature",
        "top_p",
        "user",
    }
)
"""Keys of OpenAI's format whose values are plain numbers or words."""
_FREE = frozenset({"text", "no-text", "several-texts"})


@CHECKS.each("endpoint")
def endpoint(call: Call) -> Finding | None:
    """A right request gets a completion, and neither 405 nor a 404 that is about anything but the model."""
    if not call.is_right or call.answer is None:
        return None
    unknown = call.status == 404 and call.answer.code != "model_not_found"
    if unknown or call.status == 405:
        return Broken("status", "the endpoint to be known, with POST", str(call.status), "The path is fixed.")
    return KEPT if call.is_served else None


@CHECKS.each("openai-sdk")
def openai_sdk(call: Call) -> Finding | None:
    """A right request of OpenAI's SDK, with a text, is answered with what the SDK makes a completion of."""
    asked = _BY_SDK in call.request.headers and bool(call.question.texts) and not call.question.streams
    if not asked or not call.is_right or call.oddities - {"text"} or call.answer is None:
        return None
    if call.is_refused:
        return _refusal(call, "Nothing but the base URL and the key was set.")
    if not call.answer.is_success:
        return None
    kind = call.answer.response.media_type
    fit = kind.endswith("json") and call.answer.has_choices and call.answer.content is not None
    received = f"{kind or 'no Content-Type'}, {shown(call.answer.response.body)}"
    return demand(fit, "answer", "JSON with the content of a message in choices", received, "Is it a web page?")


@CHECKS.each("request.extra-keys")
def extra_keys(call: Call) -> Finding | None:
    """A request that is plain but for keys that OpenAI's clients add, with plain values, is not refused."""
    keys, body = call.question.extra_keys, call.question.body
    plain = all(isinstance(body[key], int | float | str) for key in keys)
    if not keys or not keys <= _OPENAI_KEYS or not plain or call.oddities - {"extra-keys"}:
        return None
    return _accepted(call, f"The keys besides the documented ones: {', '.join(sorted(keys))}.")


@CHECKS.each("text.optional")
def text_optional(call: Call) -> Finding | None:
    """A request that is plain but for the text, which is missing, is not refused."""
    if "no-text" not in call.oddities or call.oddities - {"no-text"}:
        return None
    bare = sum(1 for _ in call.question.parts("text"))
    return _accepted(call, "There is a text part without a text." if bare else "There is no text part.")


@CHECKS.each("text.any-language")
def text_any_language(call: Call) -> Finding | None:
    """A request whose text is a short line in any script, and which is plain else, is not refused."""
    texts = call.question.texts
    if len(texts) != 1 or call.oddities - {"text"} or texts[0] == "a person":
        return None
    usual = texts[0].strip() and texts[0].isprintable() and len(texts[0]) <= 200
    return _accepted(call, f"The text is {shown(texts[0])}.") if usual else None


@CHECKS.each("image.url")
def image_url(call: Call) -> Finding | None:
    """A plain request with the URL of a JPEG or PNG, which is known to be there, is not refused."""
    known = call.question.web_url is not None and call.input is not None and call.input.kind in {"jpeg", "png"}
    return _accepted(call, "The picture is there.") if known and not call.oddities - _FREE else None


@CHECKS.together("image.data-url")
def image_data_url(calls: Sequence[Call]) -> Iterable[tuple[Call, Finding]]:
    """Plain requests with a picture as a data URL are not all refused; one that is served shows that they work."""
    for call in calls:
        if call.question.data_url is None or not call.is_right or call.oddities - _FREE:
            continue
        if call.is_served:
            yield call, KEPT
        elif call.is_said_to_be_wrong and not call.company.data_urls_work:
            yield call, _refusal(call, "No picture in a data: URL was accepted.")


@CHECKS.each("image.jpeg")
def image_jpeg(call: Call) -> Finding | None:
    """A plain request with a JPEG is not refused."""
    return _of_kind(call, "jpeg")


@CHECKS.each("image.png")
def image_png(call: Call) -> Finding | None:
    """A plain request with a PNG is not refused."""
    return _of_kind(call, "png")


@CHECKS.each("image.webp")
def image_webp(call: Call) -> Finding | None:
    """A plain request with a WebP, which says so, is not refused."""
    return _of_kind(call, "webp") if call.question.web_url is None else None


@CHECKS.each("image.ten-megabytes")
def ten_megabytes(call: Call) -> Finding | None:
    """A request that is plain but for a picture of 1 to 10 MB is not refused."""
    if "large" not in call.oddities or call.oddities - {"large", *_FREE}:
        return None
    return _accepted(call, f"The picture has {len(call.sent_picture or b''):,} bytes, the body {_size(call)}.")


def _of_kind(call: Call, kind: str) -> Finding | None:
    if call.input is None or call.input.kind != kind or call.oddities - _FREE:
        return None
    return _accepted(call, f"The picture is a {kind.upper()} of {len(call.sent_picture or b''):,} bytes.")


def _accepted(call: Call, hint: str) -> Finding | None:
    """Find that a right request was served or refused; other answers tell nothing."""
    if call.is_refused:
        return _refusal(call, hint)
    return KEPT if call.is_served else None


def _refusal(call: Call, hint: str) -> Broken:
    said = call.answer.message if call.answer is not None else None
    return Broken("answer", _COMPLETION, f"{call.status} {shown(said)}", hint)


def _size(call: Call) -> str:
    return f"{len(call.request.body):,}"
