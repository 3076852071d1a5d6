"""What is made up for a provider is legal there, and shrinks to the plainest."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from contracts.cases import Credentials, Sign
from contracts.checks.raster import decode
from contracts.multipart import read_form
from contracts.providers import ProviderError, discover, kit_of, strategies_of
from contracts.rules import load_errors
from contracts.schemas import schema_at
from contracts.strategies import parameters, requests, scripts
from mockserver.faults import fault_of, word_of
from mockserver.testing import provider_mock

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from contracts.model import Request
    from contracts.strategies import Strategies
    from mockserver.testing import ProviderMock

PROVIDERS = sorted(discover())
SCHEMAS = {
    "pixian": "schemas/remove-background-request.schema.json#/properties/{}",
    "xty": "schemas/chat-request.schema.json#/$defs/textPart/properties/{}",
}
"""Where the schema of a parameter is."""
every_provider = pytest.mark.parametrize("name", PROVIDERS)
few = settings(max_examples=25)
T = TypeVar("T")


def plainest(strategy: SearchStrategy[T], condition: Callable[[T], object] = lambda _: True) -> T:
    """Return the simplest value of *strategy* that fulfils the *condition*."""
    # Without a condition, the phase that explains failures would take whatever it tries for one.
    phases = (Phase.generate, Phase.shrink)
    return find(strategy, lambda value: bool(condition(value)), settings=settings(max_examples=2000, phases=phases))


def sent(mock: ProviderMock, request: Request) -> httpx.Response:
    """Return the answer to *request*, signed by whoever *mock* knows."""
    who = mock.credentials
    credentials = Credentials("", who) if isinstance(who, str) else Credentials(*who)
    signed = kit_of(mock.provider).signed(request, credentials, Sign.OWN)
    headers = list(signed.headers)
    return httpx.request(
        signed.method, mock.url + signed.path, headers=headers, content=signed.body, trust_env=False, timeout=60
    )


def parts(request: Request) -> list[dict[str, Any]]:
    """Return the parts of the only message in a chat request."""
    (message,) = json.loads(request.body)["messages"]
    found: list[dict[str, Any]] = message["content"]
    return found


@every_provider
@given(data=st.data())
def test_parameters_have_the_documented_values(name: str, data: st.DataObject) -> None:
    """Each satisfies its schema."""
    for parameter, value in data.draw(parameters(name)).items():
        schema = schema_at(discover()[name].folder, SCHEMAS[name].format(parameter))
        assert schema.errors(value) == (), parameter


def test_every_documented_parameter_comes_up() -> None:
    """All but those that are the picture."""
    document = json.loads((discover()["pixian"].folder / "schemas/remove-background-request.schema.json").read_text())
    documented = {parameter for parameter in document["properties"] if not parameter.startswith("image")}
    met: set[str] = set()

    @given(parameters("pixian"))
    def look(chosen: dict[str, object]) -> None:
        met.update(chosen)

    look()
    assert met == documented
    assert plainest(parameters("xty"), bool) == {"text": "a person"}


@given(parameters("pixian", free=True), requests("pixian", free=True))
def test_what_is_free_is_a_test(chosen: dict[str, object], request: Request) -> None:
    """Parameters and requests alike."""
    assert chosen["test"] is True
    assert [field.text for field in read_form(request) if field.name == "test"] == ["true"]


@given(parameters("pixian"))
def test_delta_pngs_are_not_of_scaled_pictures(chosen: dict[str, object]) -> None:
    """Whatever the picture: the provider makes none of one that is scaled down."""
    assert chosen.get("output.format") != "delta_png" or "max_pixels" not in chosen


@every_provider
def test_requests_are_served(name: str) -> None:
    """The mock answers each with 200, and the checks of clients blame none."""
    with provider_mock(name) as mock:

        @few
        @given(requests(name))
        def ask(request: Request) -> None:
            assert request.headers.get("Authorization") is None
            answer = sent(mock, request)
            assert answer.status_code == 200, answer.text

        ask()
        assert len(mock.journal) >= 25
        mock.assert_conforms()


@every_provider
@given(data=st.data())
def test_scripts_are_words_that_the_mock_knows(name: str, data: st.DataObject) -> None:
    """Up to five, or as many as are wanted; no silence is longer than clients have to bear."""
    errors = load_errors(discover()[name].folder)
    for word in data.draw(scripts(name)) + data.draw(scripts(name, longest=9)):
        assert fault_of(word, errors).delay < 180
    assert len(data.draw(scripts(name))) <= 5
    assert len(data.draw(scripts(name, longest=1))) <= 1


@every_provider
@pytest.mark.parametrize("kind", ["error", "status", "stall", "truncate", "reset", "close", "no-image"])
def test_scripts_hold_every_kind_of_trouble(name: str, kind: str) -> None:
    """Errors of the provider and of others, broken answers and connections, and silence."""
    errors = load_errors(discover()[name].folder)
    assert len(plainest(scripts(name), lambda words: any(fault_of(word, errors).kind == kind for word in words))) == 1


@every_provider
def test_scripts_hold_429_in_a_row(name: str) -> None:
    """As they are met under load."""
    assert plainest(scripts(name), lambda words: words[-3:] == ["429"] * 3) == ["429"] * 3


@every_provider
def test_no_error_of_another_path_is_in_scripts(name: str) -> None:
    """Neither 404 nor 405 is an answer to work that was asked for as it should be."""
    errors = load_errors(discover()[name].folder)
    foreign = {error.name for error in errors.values() if error.status in {404, 405}}
    assert foreign

    @given(scripts(name, longest=40))
    def look(words: list[object]) -> None:
        assert not foreign & {str(word_of(fault_of(word, errors))) for word in words}

    look()


@every_provider
def test_scripts_shrink_to_plain_words(name: str) -> None:
    """Whatever it takes, and nothing else."""
    assert plainest(scripts(name)) == []
    assert plainest(scripts(name), bool) == ["ok"]
    assert plainest(scripts(name), lambda words: words.count("429") >= 2) == ["429", "429"]


@every_provider
def test_parameters_shrink_to_none(name: str) -> None:
    """And to as few, and as plain, as there have to be."""
    assert plainest(parameters(name)) == {}
    assert plainest(parameters("pixian", free=True)) == {"test": True}
    assert plainest(parameters("pixian"), lambda chosen: "max_pixels" in chosen) == {"max_pixels": 25_000_000}
    assert plainest(parameters("pixian"), lambda chosen: chosen.get("output.format") == "delta_png") == {
        "output.format": "delta_png"
    }


def test_forms_shrink_to_a_small_picture_alone() -> None:
    """A PNG file of 24 x 24 pixels."""
    (field,) = read_form(plainest(requests("pixian")))
    assert (field.name, decode(field.data).kind, decode(field.data).size) == ("image", "png", (24, 24))


def test_conversations_shrink_to_a_picture_alone() -> None:
    """One part in one message; with words they are those of the documents."""
    assert [part["type"] for part in parts(plainest(requests("xty")))] == ["image_url"]
    told = parts(plainest(requests("xty"), lambda request: len(parts(request)) == 2))
    assert told[0] == {"type": "text", "text": "a person"}


@pytest.mark.parametrize("made", [parameters, requests, scripts])
def test_an_unknown_provider_is_named(made: Any) -> None:  # noqa: ANN401  they return different things
    """With the one that was probably meant, and all that there are."""
    with pytest.raises(ValueError, match=r"^There is no provider 'pixan'\. Did you mean 'pixian'\? Installed are pixi"):
        made("pixan")


@pytest.mark.parametrize("made", [parameters, requests])
def test_what_is_never_free_cannot_be_had_free(made: Any) -> None:  # noqa: ANN401  likewise
    """The sentence says what to leave out."""
    with pytest.raises(ValueError, match=r"XTY.* has no tests that are free of charge: leave free=True out\."):
        made("xty", free=True)


def test_a_provider_without_strategies_says_so() -> None:
    """It is told which module is missing."""
    provider = discover()["pixian"]
    other = type(provider)(**{field: getattr(provider, field) for field in provider.__slots__} | {"package": "email"})
    with pytest.raises(ProviderError, match=r"There are no strategies for pixian: it has no module email\.strategies"):
        strategies_of(other)


@every_provider
def test_a_provider_has_them_as_the_protocol_says(name: str) -> None:
    """Found in its folder."""
    found: Strategies = strategies_of(discover()[name])
    assert plainest(found.scripts(longest=1), bool) == ["ok"]


def test_importing_them_is_light() -> None:
    """Schemathesis, which takes a second, is left alone, also when they are used."""
    program = (
        "import sys; from contracts.strategies import parameters, requests, scripts; "
        f"[made(name) for made in (parameters, requests, scripts) for name in {PROVIDERS}]; "
        "sys.exit('schemathesis' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
