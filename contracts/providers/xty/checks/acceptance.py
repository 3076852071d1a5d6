"""What a server has to take: the endpoint, texts, pictures, and what OpenAI's clients send besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.checks import KEPT, Broken, demand, shown
from contracts.providers.xty.checks.registry import CHECKS

if TYPE_CHECKING:
    from contracts.checks import Finding
    from contracts.providers.xty.checks.call import Call

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
    """A right request of OpenAI's SDK is answered with what the SDK makes a completion of.

    To refuse it is a fault if the same picture is accepted from others.
    """
    if "sdk" not in call.oddities or call.oddities - {"sdk"} or not call.is_right or call.answer is None:
        return None
    if call.is_refused and call.has_twin:
        return refusal(call, "Nothing but the base URL and the key was set.")
    if not call.answer.is_success:
        return None
    kind = call.answer.response.media_type
    fit = kind.endswith("json") and call.answer.has_choices and call.answer.content is not None
    received = f"{kind or 'no Content-Type'}, {shown(call.answer.response.body)}"
    return demand(fit, "answer", "JSON with the content of a message in choices", received, "Is it a web page?")


@CHECKS.each("request.extra-keys")
def extra_keys(call: Call) -> Finding | None:
    """Keys that OpenAI's clients add, with plain values, do not make a request fail that is served without them."""
    keys, body = call.question.extra_keys, call.question.body
    plain = all(isinstance(body[key], int | float | str) for key in keys)
    if not keys or not keys <= _OPENAI_KEYS or not plain:
        return None
    return _taken(call, "extra-keys", f"The keys besides the documented ones: {', '.join(sorted(keys))}.")


@CHECKS.each("text.optional")
def text_optional(call: Call) -> Finding | None:
    """A request without a text is not refused if the same picture is accepted with one."""
    if "no-text" not in call.oddities:
        return None
    bare = any(call.question.parts("text"))
    return _taken(call, "no-text", "There is a text part without a text." if bare else "There is no text part.")


@CHECKS.each("text.any-language")
def text_any_language(call: Call) -> Finding | None:
    """A request whose text is a short line in any script is not refused if its picture is accepted with another."""
    texts = call.question.texts
    if len(texts) != 1 or "text" not in call.oddities:
        return None
    usual = texts[0].strip() and texts[0].isprintable() and len(texts[0]) <= 200
    return _taken(call, "text", f"The text is {shown(texts[0])}.") if usual else None


@CHECKS.each("image.url")
def image_url(call: Call) -> Finding | None:
    """A plain request with the URL of a JPEG or PNG, which is known to be there, is not refused.

    If the same picture is refused in a data URL, the URL is not to blame.
    """
    if call.question.web_url is None or call.input is None or call.input.kind not in {"jpeg", "png"}:
        return None
    if call.is_refused and call.sent_picture in call.company.refused_pictures:
        return None
    return _accepted(call, "", "The server fetched the picture.")


@CHECKS.each("image.data-url")
def image_data_url(call: Call) -> Finding | None:
    """Plain requests with pictures of two kinds in data URLs are not all refused; one that is served proves it."""
    if call.question.data_url is None or not call.is_right:
        return None
    if call.is_said_to_be_wrong and not call.oddities:
        nowhere = not call.company.data_urls_work and len(call.company.refused_kinds) > 1
        return refusal(call, "No picture in a data: URL was accepted.") if nowhere else None
    return KEPT if call.is_served else None


@CHECKS.each("image.jpeg")
def image_jpeg(call: Call) -> Finding | None:
    """A plain request with a JPEG in a data URL is not refused if other kinds are accepted."""
    return _of_kind(call, "jpeg")


@CHECKS.each("image.png")
def image_png(call: Call) -> Finding | None:
    """A plain request with a PNG in a data URL is not refused if other kinds are accepted."""
    return _of_kind(call, "png")


@CHECKS.each("image.webp")
def image_webp(call: Call) -> Finding | None:
    """A plain request with a WebP in a data URL is not refused if other kinds are accepted."""
    return _of_kind(call, "webp")


@CHECKS.each("image.ten-megabytes")
def ten_megabytes(call: Call) -> Finding | None:
    """A request that is plain but for a picture of 1 to 10 MB is not refused if a smaller one is accepted."""
    if "large" not in call.oddities:
        return None
    sizes = f"The picture has {len(call.sent_picture or b''):,} bytes, the body {len(call.request.body):,}."
    return _accepted(call, "large", sizes)


def refusal(call: Call, hint: str) -> Broken:
    """Return the finding that a request was refused that is right."""
    said = call.answer.message if call.answer is not None else None
    return Broken("answer", "a completion", f"{call.status} {shown(said)}", hint)


def _of_kind(call: Call, kind: str) -> Finding | None:
    if call.input is None or call.input.kind != kind or call.question.data_url is None:
        return None
    return _accepted(call, "", f"The picture is a {kind.upper()} of {len(call.sent_picture or b''):,} bytes.")


def _taken(call: Call, oddity: str, hint: str) -> Finding | None:
    """Find that a right request was served, or refused although its picture was accepted without that *oddity*."""
    return None if call.is_refused and not call.has_twin else _accepted(call, oddity, hint)


def _accepted(call: Call, oddity: str, hint: str) -> Finding | None:
    """Find that a right request was served, or refused although nothing but *oddity* is unusual in it.

    Other answers tell nothing.
    """
    if call.is_refused:
        return None if call.oddities - {oddity} else refusal(call, hint)
    return KEPT if call.is_served else None
