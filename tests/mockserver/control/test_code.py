"""Requests as code through the control API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, account, happened, models, remove

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from tests.mockserver.control.asking import Control

LANGUAGES = ["curl", "fetch", "python", "node", "php", "java", "csharp", "ruby", "pytest"]


def code_of(control: Control, number: int) -> dict[str, str]:
    """Return the code of an exchange by languages."""
    found: list[dict[str, Any]] = control.tell("GET", f"/journal/{number}/code")["snippets"]
    return {one["language"]: one["text"] for one in found}


def test_a_request_comes_in_every_language(mock: Mock, control: Control) -> None:
    """Each with the address, the fields and the file, and with the secret to be filled in."""
    remove(mock, "anna", test="true")
    (exchange,) = happened(control, 1)
    found = code_of(control, exchange["number"])
    assert list(found) == LANGUAGES
    for language, text in found.items():
        assert f"{mock.url}/api/v2/remove-background" in text or language == "pytest"
        assert "picture.png" in text or language == "fetch"
        assert "a secret" not in text
        assert {"fetch": "YOUR_SECRET", "pytest": "pixian_mock.credentials"}.get(language, "API_SECRET") in text
    assert "--output result.png" in found["curl"]


def test_a_key_is_filled_in_as_such(mock: Mock, control: Control) -> None:
    """Nothing of it is left, not even what the journal shows."""
    models(mock, "sk-the-key-of-carla")
    (exchange,) = happened(control, 1)
    found = code_of(control, exchange["number"])
    assert all("sk-" not in text for text in found.values())
    assert "MATTEPROOF_API_KEY" in found["python"]
    assert "xty_mock.credentials" in found["pytest"]


def test_a_request_to_nowhere_has_no_test(mock: Mock, control: Control) -> None:
    """No provider's fixture would fit."""
    httpx.get(f"{mock.url}/nowhere", timeout=PATIENCE, trust_env=False, verify=NO_TLS)
    (exchange,) = happened(control, 1)
    assert list(code_of(control, exchange["number"])) == LANGUAGES[:-1]


def test_a_refused_request_has_code_too(mock: Mock, control: Control) -> None:
    """Nobody knows what type a good answer would have had, and curl looks at what comes."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    remove(mock, "anna", test="true")
    (exchange,) = happened(control, 1)
    assert "content_type" in code_of(control, exchange["number"])["curl"]


def test_what_was_forgotten_is_refused(mock: Mock, control: Control) -> None:
    """With a sentence that says which of the two is gone: the exchange, or the body of its request."""
    remove(mock, "anna", test="true")
    account(mock, "anna")
    first, second = (one["number"] for one in happened(control, 2))
    for number in (first, second):
        entry = mock.journal.get(number)
        assert entry is not None
        entry.let_go()
    field, message = control.refuse("GET", f"/journal/{first}/code", 404)
    assert (field, message) == (
        "number",
        f"The body of the request of exchange {first} is no longer held; send the request once more.",
    )
    assert list(code_of(control, second)) == LANGUAGES, "it had no body"
    field, message = control.refuse("GET", f"/journal/{second + 1}/code", 404)
    assert (field, message) == ("number", f"There is no exchange {second + 1}, or it was forgotten.")
