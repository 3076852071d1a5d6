"""The verdict on a client through the control API: the rules about clients, on what the journal holds."""

from __future__ import annotations

import base64
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from contracts.clock import Clock
from contracts.providers import discover
from contracts.rules import load_rules
from mockserver.control import verdict as module
from mockserver.mock import Mock
from pictures import disc, encoded
from plain import NO_TLS
from tests.mockserver.control.asking import PATIENCE, PICTURE, Control, account, happened, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sk-the-key-of-carla"
TOY = Path(__file__).parents[2] / "toy"


@pytest.fixture
def mock() -> Iterator[Mock]:
    """A mock whose clock stands still, so that waits are exactly as long as a test says."""
    with Mock(clock=Clock(frozen=True)) as running:
        yield running


@pytest.fixture
def control(mock: Mock) -> Iterator[Control]:
    """Its control API."""
    with closing(Control(mock)) as client:
        yield client


def judged(control: Control, tenant: str = "anna") -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return the verdict on *tenant*, and its rules by their topics."""
    told = control.ask("GET", "/verdict", params={"tenant": tenant}).json()
    assert "rules" in told, told
    return told, {one["id"].split(".", 2)[2]: one for one in told["rules"]}


def accused(told: dict[str, Any]) -> dict[str, str]:
    """Return the rules that were broken, with what was found."""
    return {one["id"]: one["violations"][0]["summary"] for one in told["rules"] if one["violations"]}


def chat(mock: Mock, picture: bytes, *, fetch: bool = True) -> None:
    """Have a background removed with the key, and fetch the result."""
    url = "data:image/png;base64," + base64.b64encode(picture).decode()
    parts = [{"type": "text", "text": "a person"}, {"type": "image_url", "image_url": {"url": url}}]
    body = {"model": "remove-bg", "messages": [{"role": "user", "content": parts}]}
    with httpx.Client(trust_env=False, verify=NO_TLS, timeout=PATIENCE) as client:
        headers = {"Authorization": f"Bearer {KEY}"}
        answer = client.post(f"{mock.url}/v1/chat/completions", json=body, headers=headers)
        if fetch and answer.is_success:
            client.get(answer.json()["choices"][0]["message"]["content"])


def test_a_good_client_is_blamed_for_nothing(mock: Mock, control: Control) -> None:
    """It waits 5 seconds, then 10, after 429; every rule about clients is told, with its source."""
    control.tell("PUT", "/tenants/anna/script", ["429", "429", "ok"])
    for wait in (5, 10, 0):
        remove(mock, "anna", test="true", max_pixels="100000")
        mock.clock.advance(wait)
    happened(control, 3)
    told, rules = judged(control)
    assert (told["tenant"], told["provider"], told["count"], told["left_out"]) == ("anna", "pixian", 3, 0)
    assert accused(told) == {}
    known = [one for one in load_rules(discover()["pixian"].folder, "pixian") if one.subject == "client"]
    assert [one["id"] for one in told["rules"]] == [one.id for one in known]
    assert [one["source"] for one in told["rules"]] == [str(one.source) for one in known]
    assert rules["parameter.name"]["verdict"] == "pass"
    assert {one["verdict"] for one in told["rules"]} == {"pass", "not_exercised"}


def test_every_exchange_that_breaks_a_rule_is_named(mock: Mock, control: Control) -> None:
    """However many there are: what is alike is told once, with all the numbers."""
    for value in ("True", "True", "yes", "True", "True"):
        remove(mock, "anna", test=value)
    numbers = [one["number"] for one in happened(control, 5)]
    violations = {one["received"]: one for one in judged(control)[1]["parameter.boolean"]["violations"]}
    assert violations["'True'"]["exchanges"] == [numbers[0], numbers[1], numbers[3], numbers[4]]
    assert violations["'True'"]["exchange"] in violations["'True'"]["exchanges"]
    assert violations["'yes'"]["exchanges"] == [numbers[2]]


def test_a_clumsy_client_is_shown_where(mock: Mock, control: Control) -> None:
    """Each broken rule names an exchange of the journal, what was expected, and a hint."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    remove(mock, "anna", test="true")
    mock.clock.advance(1)
    remove(mock, "anna", test="true")
    remove(mock, "anna", test="True", max_pixel="1000")
    remove(mock, "berta", test="no")
    numbers = [one["number"] for one in happened(control, 4)]
    told, rules = judged(control)
    assert told["count"] == 3
    boolean, name = rules["parameter.boolean"], rules["parameter.name"]
    assert (boolean["verdict"], name["verdict"]) == ("observed", "fail")
    (violation,) = boolean["violations"]
    assert violation["exchange"] == numbers[2]
    assert (violation["expected"], violation["received"]) == ("true or false", "'True'")
    assert violation["summary"].startswith("test: expected")
    assert "Did you mean 'max_pixels'?" in name["violations"][0]["hint"]
    waits = [rule for topic, rule in rules.items() if topic.startswith("backoff.") and rule["violations"]]
    assert waits
    assert waits[0]["violations"][0]["exchange"] == numbers[1]


def test_results_are_fetched_by_nobody_and_yet_judged(mock: Mock, control: Control) -> None:
    """Requests for results have no credentials; they count where an answer of the tenant named them."""
    chat(mock, PICTURE)
    tenant = happened(control, 2)[0]["tenant"]
    told, rules = judged(control, tenant)
    assert (told["provider"], told["count"]) == ("xty", 2)
    assert accused(told) == {}
    assert rules["result.fetch"]["verdict"] == "pass"
    assert judged(control, KEY)[0] == told
    assert judged(control, "sk-another-key")[0]["count"] == 0


def test_redaction_accuses_nobody(mock: Mock, control: Control) -> None:
    """Who corrects a secret, or the signature of a URL, has not sent the same request again."""
    url = f"{mock.url}/api/v2/remove-background"
    for secret, signature in (("right", "one"), ("wrong", "one"), ("right", "two")):
        picture = f"https://pictures.example/a.jpg?X-Amz-Signature={signature}"
        files = {"image.url": (None, picture), "test": (None, "true")}
        httpx.post(url, files=files, auth=("anna", secret), trust_env=False, verify=NO_TLS, timeout=PATIENCE)
        mock.clock.advance(60)
    assert [one["status"] for one in happened(control, 3)] == [400, 401, 400]
    told, rules = judged(control)
    assert told["count"] == 2
    assert accused(told) == {}
    assert rules["auth.encoding"]["verdict"] == "not_exercised"
    assert rules["auth.basic"]["verdict"] == "pass"


def test_the_same_request_again_is_still_seen(mock: Mock, control: Control) -> None:
    """Where nothing was hidden, requests that are equal count as equal."""
    for _ in range(2):
        remove(mock, "anna", test="true", max_pixels="7")
        mock.clock.advance(60)
    happened(control, 2)
    assert "pixian.client.error.client-class" in accused(judged(control)[0])


def test_a_verdict_is_remembered_until_something_happens(
    mock: Mock, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To judge takes long, and pages ask often."""
    judging: list[int] = []
    judge = module._judgements  # noqa: SLF001  what takes long

    def counted(*args: Any) -> object:  # noqa: ANN401  as the function has them
        judging.append(1)
        return judge(*args)

    monkeypatch.setattr(module, "_judgements", counted)
    remove(mock, "anna", test="true")
    happened(control, 1)
    first = judged(control)[0]
    account(mock, "berta")
    happened(control, 2)
    assert judged(control)[0] == first
    assert len(judging) == 1
    account(mock, "anna")
    happened(control, 3)
    assert judged(control)[0]["count"] == 2
    control.tell("DELETE", "/journal?tenant=anna")
    assert judged(control)[0]["count"] == 0
    assert len(judging) == 3


def test_what_is_no_longer_whole_is_left_out(mock: Mock, control: Control) -> None:
    """It is counted, and nobody is blamed for it."""
    for test in ("True", "true"):
        remove(mock, "anna", test=test)
    number = happened(control, 2)[0]["number"]
    assert accused(judged(control)[0])
    entry = mock.journal.get(number)
    assert entry is not None
    entry.let_go()
    told, _ = judged(control)
    assert (told["count"], told["left_out"], accused(told)) == (1, 1, {})


def test_only_the_latest_are_judged(mock: Mock, control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr(module, "_MOST", 3)
    for test in ("True", "true", "true", "true"):
        remove(mock, "anna", test=test)
    happened(control, 4)
    told, _ = judged(control)
    assert (told["count"], accused(told)) == (3, {})


def test_whoever_has_never_come_has_no_verdict(mock: Mock, control: Control) -> None:
    """Neither a stranger nor a tenant that only the control API knows; none is opened by asking."""
    nothing: dict[str, object] = {"provider": None, "count": 0, "left_out": 0, "rules": []}
    assert judged(control, "nobody")[0] == {"tenant": "nobody", **nothing}
    assert control.tell("GET", "/tenants") == {"tenants": []}
    control.tell("GET", "/tenants/anna")
    assert judged(control)[0] == {"tenant": "anna", **nothing}
    account(mock, "anna")
    happened(control, 1)
    control.tell("DELETE", "/journal")
    told, _ = judged(control)
    assert (told["provider"], told["count"]) == ("pixian", 0)
    assert {one["verdict"] for one in told["rules"]} == {"not_exercised"}


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("", "The parameter tenant is missing."),
        ("?tenant=", "The parameter tenant is wrong"),
        (f"?tenant={'x' * 301}", "The parameter tenant is wrong"),
        ("?tenant=a&tenant=b", "more than once"),
    ],
)
def test_the_tenant_must_be_named(control: Control, query: str, problem: str) -> None:
    """Once, and as elsewhere."""
    field, message = control.refuse("GET", f"/verdict{query}")
    assert field == "tenant"
    assert problem in message


def test_a_provider_without_checks_has_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says why."""
    monkeypatch.syspath_prepend(str(TOY))
    from toy_provider import PROVIDER  # noqa: PLC0415  found from now on

    with Mock([PROVIDER]) as mock, closing(Control(mock)) as control:
        headers, picture = {"Toy-Key": "anna"}, encoded(disc())
        httpx.post(f"{mock.url}/toy/cutouts", content=picture, headers=headers, trust_env=False, verify=NO_TLS)
        happened(control, 1)
        assert "no checks of clients for toy" in control.refuse("GET", "/verdict?tenant=anna", 404)[1]
        number = control.tell("GET", "/journal")["exchanges"][0]["number"]
        assert control.ask("GET", f"/journal/{number}/input").content == picture
        assert control.ask("GET", f"/journal/{number}/result").headers["Content-Type"] == "image/png"
        assert control.tell("GET", f"/journal/{number}")["fields"] == []
