"""How the API behaves: from a request and an account to an answer, or to a plan of image work."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.behaviour import Account, Answer, Box, Credentials, ImageError, Problem, Trouble, Work
from contracts.model import Headers, Response
from contracts.multipart import FormError, read_form
from contracts.providers.pixian.credits import credits_for
from contracts.providers.pixian.parameters import V1, V2, Order, ParameterError, read_order
from contracts.providers.pixian.settings import Settings
from contracts.redaction import in_text, scheme_of, without_credentials
from contracts.replies import described, html_reply, json_reply
from contracts.rules import load_errors

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from contracts.behaviour import Rendering, SentField, Situation, Size, Store
    from contracts.model import Operation, Request
    from contracts.multipart import Field

_FOLDER = Path(__file__).parent
_LONGEST_TEXT = 300
"""Characters of a parameter that are shown."""
_LONGEST_ID = 200
"""Characters of an API id; tenants are remembered by it, so it must not take much memory (assumed)."""
_SWAPS_SIDES = 5
"""From this EXIF orientation on, width and height of the upright picture are those of the stored one, swapped."""

_ERROR_OF_TROUBLE = {
    Trouble.EMPTY: "unreadable-image",
    Trouble.UNREADABLE: "unreadable-image",
    Trouble.FORMAT_NOT_ACCEPTED: "format-not-accepted",
    Trouble.TOO_MANY_PIXELS: "too-many-pixels",
    Trouble.WOULD_SHRINK: "would-shrink",
    Trouble.RESULT_TOO_LARGE: "result-too-large",
    Trouble.URL_INVALID: "url-invalid",
    Trouble.URL_REFUSED: "url-fetch-failed",
    Trouble.URL_UNREACHABLE: "url-fetch-failed",
    Trouble.URL_STATUS: "url-status",
    Trouble.URL_NOT_IMAGE: "url-not-image",
    Trouble.URL_TOO_LARGE: "too-many-bytes",
}

_ERROR_OF_PROBLEM = {
    Problem.UNKNOWN_PATH: "unknown-path",
    Problem.METHOD_NOT_ALLOWED: "method-not-allowed",
    Problem.BODY_TOO_LARGE: "body-too-large",
    Problem.UNKNOWN_CREDENTIALS: "unknown-api-id",
    Problem.WRONG_SECRET: "wrong-secret",
    Problem.OUT_OF_CREDITS: "out-of-credits",
    Problem.INTERNAL: "internal",
}

_ABOUT_THE_ADDRESS = {Problem.UNKNOWN_PATH, Problem.METHOD_NOT_ALLOWED}
_NO_PACK = "none"
"""The name of the credit pack of an account that never bought one."""


class PixianBehaviour:
    """Version 2 of the API, and the deprecated version 1."""

    settings = Settings.allowed()
    credential_form = "id:secret"

    def credentials(self, operation: Operation, request: Request) -> Credentials | Answer | None:
        """Return the API id and secret of HTTP Basic authentication (seed), or the refusal."""
        del operation
        pair = _basic_pair(request.headers.get("Authorization"))
        if isinstance(pair, str):
            return error_answer("unknown-api-id", pair)
        return Credentials(*pair)

    def listed(self, line: str) -> Credentials | None:
        """Return the credentials of a line of the form ``id:secret``."""
        user, colon, secret = line.partition(":")
        return Credentials(user, secret) if colon and secret and _is_id(user) else None

    def is_tenant(self, name: str) -> bool:
        """Tell whether *name* could be an API id."""
        return _is_id(name) and ":" not in name

    def parameter_names(self, operation: Operation) -> Collection[str]:
        """Return the names of the documented fields of the form."""
        if operation.id == "getAccount":
            return ()
        return tuple((V1 if operation.id == "removeBackgroundV1" else V2).properties)

    def perform(self, operation: Operation, request: Request, situation: Situation) -> Answer | Work:
        """Describe the account, or plan the removal of a background."""
        if operation.id == "getAccount":
            return Answer(_account_reply(situation.account), "account described")
        settings = Settings.chosen(situation.settings)
        try:
            order = read_order(request, V1 if operation.id == "removeBackgroundV1" else V2, settings)
        except ParameterError as error:
            return error_answer(error.error, error.detail)
        if not order.test and not (situation.account.active and situation.account.credits > 0):
            return error_answer("no-subscription" if situation.account.pack == _NO_PACK else "out-of-credits")
        return Work(order.source, order.recipe, lambda done, store: _picture(order, settings, done, store), _failure)

    def refuse(self, problem: Problem, request: Request) -> Answer:
        """Answer with the error object, or with the HTML page known for unknown paths (seen)."""
        detail = f"{request.method} {request.path}" if problem in _ABOUT_THE_ADDRESS else ""
        return error_answer(_ERROR_OF_PROBLEM[problem], detail)

    def error(self, name: str) -> Answer:
        """Answer with the error *name* of ``errors.yaml``."""
        return error_answer(name)

    def failure(self, status: int) -> Answer:
        """Answer with an error object that has *status* for its code, too."""
        body = {"error": {"status": status, "code": status, "message": f"Status {status}."}}
        return Answer(json_reply(status, body), f"status {status}")

    def parameters(self, operation: Operation, request: Request) -> Mapping[str, str]:
        """Return the fields of the form, by the names that they were sent with."""
        del operation
        try:
            fields = read_form(request)
        except FormError:
            return {}
        return {field.name[:_LONGEST_TEXT]: _short(field) for field in fields}

    def fields(self, operation: Operation, request: Request) -> tuple[SentField, ...]:
        """Return the fields of the form, each looked at by itself."""
        if operation.id == "getAccount":
            return ()
        from contracts.providers.pixian.fields import sent_fields  # noqa: PLC0415  only who looks closely needs it

        return sent_fields(request, V1 if operation.id == "removeBackgroundV1" else V2)

    def without_secrets(self, request: Request) -> Request:
        """Return *request* with the API id but not the secret in its ``Authorization``."""
        header = request.headers.get("Authorization") or ""
        pair = _basic_pair(header)
        return without_credentials(
            request, scheme_of(header, "Basic") if isinstance(pair, str) else f"Basic {pair[0]}:"
        )


BEHAVIOUR = PixianBehaviour()


def error_answer(name: str, detail: str = "") -> Answer:
    """Return the error *name* of ``errors.yaml``, with the sentence *detail* in its message."""
    error, detail = load_errors(_FOLDER)[name], in_text(detail)
    # The documented message ends in a blank and has room for no more; what is wrong is said behind it.
    filled = error.message.replace("{detail}", detail)
    message = filled.rstrip() if filled != error.message else filled + detail
    reason = f"error {name}: {detail}" if detail else f"error {name}"
    if error.body == "html":
        page = html_reply(error.status, f"{error.status} {HTTPStatus(error.status).phrase}", message)
        return Answer(page, reason, error=name)
    body = {"error": {"status": error.status, "code": error.code, "message": message}}
    challenge = (
        (("WWW-Authenticate", 'Basic realm="Pixian.AI API"'),) if error.status == HTTPStatus.UNAUTHORIZED else ()
    )
    return Answer(json_reply(error.status, body, *challenge), reason, error=name)


def _short(field: Field) -> str:
    """Return the text of *field* if it is short, or else a description."""
    if field.filename is not None or len(field.data) > _LONGEST_TEXT:
        return described(field.data, field.filename)
    return field.data.decode(errors="replace")


@lru_cache(maxsize=64)
def _basic_pair(header: str | None) -> tuple[str, str] | str:
    """Return id and secret from the header ``Authorization``, or what is wrong with it."""
    scheme, _, token = (header or "").strip().partition(" ")
    if scheme.lower() != "basic":
        return "Send HTTP Basic authentication: the API Id as user name, the API secret as password."
    try:
        text = base64.b64decode(token.strip(), validate=True).decode()
    except ValueError:  # also what is not ASCII: base64 then raises no error of its own kind
        return "The credentials are not base64 of UTF-8 text."
    user, colon, secret = text.partition(":")
    if not colon or not secret or not _is_id(user):
        return "The credentials are not of the form id:secret."
    return user, secret


def _is_id(user: str) -> bool:
    return bool(user.strip()) and user.isprintable() and len(user) <= _LONGEST_ID


def _account_reply(account: Account) -> Response:
    use_before = datetime.fromtimestamp(int(account.use_before), UTC).isoformat().replace("+00:00", "Z")
    body = {
        "creditPack": account.pack,
        "state": "active" if account.active else "dormant",
        "useBefore": use_before,
    }
    reply = json_reply(200, body)
    # Python's JSON knows no decimals; a float would round them.
    return replace(reply, body=reply.body[:-1] + f',"credits":{_number(account.credits)}}}'.encode())


def _number(amount: Decimal) -> str:
    """Return *amount* as JSON writes it, to the last digit that is not nought."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _picture(order: Order, settings: Settings, done: Rendering, store: Store) -> Answer:
    """Answer with the finished picture."""
    del store
    cost = credits_for(done.working_size)
    charged = Decimal(0) if order.test else cost
    headers = [
        ("Content-Type", done.media_type),
        ("X-Credits-Charged", f"{charged:.6f}"),
        *([("X-Credits-Calculated", f"{cost:.6f}")] if order.test else []),
        ("X-Input-Orientation", str(done.orientation)),
        ("X-Input-Size", _pair(_input_size(done, settings))),
        ("X-Result-Size", _pair(done.result_size)),
        ("X-Input-Foreground", _quadruple(done.input_foreground)),
        ("X-Result-Foreground", _quadruple(done.result_foreground)),
    ]
    return Answer(Response(200, Headers.of(headers), done.data), "picture made", charged)


def _failure(error: ImageError) -> Answer:
    return error_answer(_ERROR_OF_TROUBLE[error.trouble], error.detail)


def _input_size(done: Rendering, settings: Settings) -> Size:
    width, height = done.input_size
    stored = settings.input_size == "stored" and done.orientation >= _SWAPS_SIDES
    return (height, width) if stored else (width, height)


def _pair(size: Size) -> str:
    return f"{size[0]} {size[1]}"


def _quadruple(box: Box) -> str:
    return f"{box.top} {box.left} {box.width} {box.height}"
