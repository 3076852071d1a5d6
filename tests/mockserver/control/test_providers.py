"""The providers through the control API: what they are, and what their documents say."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import validate

from contracts.providers import discover
from contracts.schemas import load
from mockserver.mock import Mock
from tests.mockserver.control.asking import Control

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ["pixian", "xty"]
TOY = Path(__file__).parents[2] / "toy"


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Control]:
    """The control API of a server of a third provider, which has no kit."""
    monkeypatch.syspath_prepend(str(TOY))
    from toy_provider import PROVIDER  # noqa: PLC0415  found from now on  # type: ignore[import-not-found]

    with Mock([PROVIDER]) as mock, closing(Control(mock)) as control:
        yield control


def test_providers_are_listed(control: Control) -> None:
    """With all that one has to know to call them."""
    one, two = control.tell("GET", "/providers")["providers"]
    assert (one["name"], one["title"], one["credentials"], one["by_key"]) == (
        "pixian",
        "Pixian.AI v2",
        "id:secret",
        False,
    )
    assert (two["name"], two["credentials"], two["by_key"]) == ("xty", "a key that begins with sk-", True)
    assert one["operations"][0] == {
        "id": "removeBackground",
        "method": "POST",
        "path": "/api/v2/remove-background",
        "summary": "Remove the background of a picture",
    }
    assert [operation["id"] for operation in two["operations"]] == [
        "createChatCompletion",
        "listModels",
        "getResultFile",
    ]
    assert "slow-down" in one["errors"]
    assert (one["settings"]["accept_webp"], two["settings"]) == ([False, True], {"price": []})


def test_a_third_provider_is_listed_too(toy: Control) -> None:
    """Whatever its folder has or has not."""
    (one,) = toy.tell("GET", "/providers")["providers"]
    operation = {"id": "cutOut", "method": "POST", "path": "/toy/cutouts", "summary": ""}
    assert one == {
        "name": "toy",
        "title": "Toy cut-outs",
        "credentials": "any key",
        "by_key": True,
        "example": {"id": "", "secret": ""},
        "operations": [operation],
        "errors": ["no-key"],
        "settings": {},
    }
    assert toy.tell("GET", "/providers/toy/rules")["rules"][0]["source"] == "toy manual, page 1"
    assert toy.tell("GET", "/providers/toy/errors")["errors"][0]["code"] is None


@pytest.mark.parametrize("name", NAMES)
def test_a_document_is_whole_and_names_this_server(control: Control, name: str) -> None:
    """It needs no other file, and its first server is the one that was asked, by the name that it was asked by."""
    document = control.tell("GET", f"/providers/{name}/openapi.json")
    validate(document)
    origin = control.base.removesuffix("/_mock/v1")
    assert document["servers"][0]["url"] == origin
    assert '"$ref": "schemas/' not in json.dumps(document)
    local = control.ask("GET", f"/providers/{name}/openapi.json", headers={"Host": "localhost:1234"}).json()
    assert local["servers"][0]["url"] == "http://localhost:1234"


@pytest.mark.parametrize("name", NAMES)
def test_rules_are_those_of_the_folder(control: Control, name: str) -> None:
    """Each once, in the order of the file, with source and assurance."""
    rules = control.tell("GET", f"/providers/{name}/rules")["rules"]
    written = load(discover()[name].folder / "rules.yaml")["rules"]
    assert [one["id"] for one in rules] == [one["id"] for one in written]
    assert {one["subject"] for one in rules} == {"server", "client"}
    assert [one["observable"] for one in rules] == ["unobservable" not in one for one in written]
    assert all(one["text"] and ", " in one["source"] for one in rules)


@pytest.mark.parametrize("name", NAMES)
def test_errors_are_those_of_the_folder(control: Control, name: str) -> None:
    """With status, code and message, in the order of the file."""
    errors = control.tell("GET", f"/providers/{name}/errors")["errors"]
    written = load(discover()[name].folder / "errors.yaml")["errors"]
    assert [(one["name"], one["status"], one["code"], one["message"]) for one in errors] == [
        (one["name"], one["status"], one.get("code"), one["message"]) for one in written
    ]


@pytest.mark.parametrize("what", ["openapi.json", "rules", "errors"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [("pixan", "Did you mean 'pixian'?"), ("%2Fetc%2Fpasswd", ""), ("..%2f..", ""), ("%00", ""), ("x" * 5000, "")],
)
def test_an_unknown_provider_is_not_found(control: Control, what: str, name: str, hint: str) -> None:
    """The sentence names those there are, and the one that was probably meant."""
    field, message = control.refuse("GET", f"/providers/{name}/{what}", 404)
    assert field == "name"
    assert "There are pixian, xty." in message
    assert hint in message
    assert len(message) < 300


def test_only_what_is_served_is_there() -> None:
    """A provider that is installed, and not served, is unknown."""
    with Mock([discover()["xty"]]) as mock, closing(Control(mock)) as control:
        assert [one["name"] for one in control.tell("GET", "/providers")["providers"]] == ["xty"]
        control.refuse("GET", "/providers/pixian/rules", 404)


def test_nothing_is_loaded_before_it_is_asked_for() -> None:
    """A server that has started has read no rules, no errors and no kit."""
    program = (
        "import sys\nfrom mockserver.mock import Mock\n"
        "with Mock():\n    names = {name for name in sys.modules if name.startswith(('contracts', 'mockserver'))}\n"
        "print(*[name for name in names if name.rpartition('.')[2] in {'bundle', 'conformance', 'judge', 'checks'}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
