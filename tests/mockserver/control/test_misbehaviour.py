"""Scripts, fault rules, scenarios, the seed and the reset of all, through the control API."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from contracts.clock import Clock
from mockserver.mock import Mock
from mockserver.scenarios.library import Library
from tests.mockserver.control.asking import Control, account, happened, remove

if TYPE_CHECKING:
    from pathlib import Path

WORDS: list[object] = [
    "ok",
    "429",
    "slow-down",
    {"fault": "status", "status": 503, "body": "html", "retry_after": 3},
    {"fault": "redirect", "location": "https://elsewhere.example/"},
    {"fault": "headers", "set": {"X-Credits-Charged": "9"}, "remove": ["X-Result-Size"]},
    {"fault": "content-type"},
    {"fault": "stall", "seconds": 190},
    {"fault": "stall", "seconds": 170, "after": 10},
    {"fault": "dribble", "bytes": 7, "every": 0.5},
    {"fault": "truncate", "after": 1000},
    {"fault": "close"},
    {"fault": "reset", "after": 5},
    {"fault": "expire", "after": 60},
    {"fault": "no-image"},
]

WRONG_SCRIPTS: list[tuple[object, str, str]] = [
    ({"script": ["429"]}, "script", 'a list of words, such as ["429", "ok"]'),
    (["ok", "slowdown"], "script[1]", "Did you mean 'slow-down'?"),
    (["99"], "script[0]", "between 200 and 599"),
    ([600], "script[0]", "between 200 and 599"),
    ([None], "script[0]", "a text, a number or an object"),
    ([True], "script[0]", "a text, a number or an object"),
    ([{}], "script[0].fault", "ok, error, status, redirect"),
    (["ok", {"fault": "explode"}], "script[1].fault", "ok, error, status, redirect"),
    ([{"fault": "stall"}], "script[0]", "seconds"),
    ([{"fault": "stall", "seconds": -1}], "script[0].seconds", "minimum of 0"),
    ([{"fault": "error", "name": "slowdown"}], "script[0].name", "Did you mean 'slow-down'?"),
    ([{"fault": "status", "status": 429, "body": "xml"}], "script[0].body", "json, html, empty, malformed"),
    ([{"fault": "close", "after": 1}], "script[0]", "allowed are fault"),
]

WRONG_RULES: list[tuple[object, str, str]] = [
    ({}, "", "'fault' is a required property"),
    ([], "", "object"),
    ({"fault": "slowdown"}, "fault", "Did you mean 'slow-down'?"),
    ({"fault": {"fault": "stall", "seconds": -1}}, "fault.seconds", "minimum of 0"),
    ({"fault": "429", "probability": 2}, "probability", "maximum of 1"),
    ({"fault": "429", "count": 0}, "count", "minimum of 1"),
    ({"fault": "429", "seconds": 1e10}, "seconds", "maximum of"),
    ({"fault": "429", "match": {"tennant": "x"}}, "match", "allowed are tenant, provider, operation, parameters"),
    ({"fault": "429", "match": {"parameters": {"test": True}}}, "match.parameters.test", "string"),
    ({"fault": "429", "chance": 1}, "", "allowed are fault, match, probability, count, seconds"),
]

WRONG_SCENARIOS: list[tuple[object, str, str]] = [
    ({"name": "buzy"}, "name", "Did you mean 'busy'?"),
    ({"name": "nothing-like-it"}, "name", "There are almost-out-of-credits, black-friday"),
    ({"name": "../busy"}, "name", "form"),
    ({"name": ""}, "name", "form"),
    ({"name": 5}, "name", "string or null"),
    ({"scenario": "busy"}, "", "allowed are name"),
    ([], "", "object"),
]


def drawn(mock: Mock, count: int = 24) -> list[int]:
    """Return the statuses of so many requests for the account."""
    return [account(mock, "anna").status_code for _ in range(count)]


def test_a_script_is_played_word_by_word(mock: Mock, control: Control) -> None:
    """Two refusals, and then all is normal; reading the account takes no word."""
    shown = control.tell("PUT", "/tenants/anna/script", ["429", 503, "ok"])
    assert shown["script"] == ["429", "503", "ok"]
    assert account(mock, "anna").status_code == 200
    assert [remove(mock, "anna", test="true").status_code for _ in range(4)] == [429, 503, 200, 200]
    assert control.tell("GET", "/tenants/anna")["script"] == []


def test_a_script_is_for_one_tenant(mock: Mock, control: Control) -> None:
    """Others notice nothing."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    assert remove(mock, "berta", test="true").status_code == 200
    assert remove(mock, "anna", test="true").status_code == 429


def test_a_new_script_takes_the_place_of_the_rest(mock: Mock, control: Control) -> None:
    """An empty one ends it."""
    control.tell("PUT", "/tenants/anna/script", ["429", "429"])
    assert control.tell("PUT", "/tenants/anna/script", ["503"])["script"] == ["503"]
    assert control.tell("PUT", "/tenants/anna/script", [])["script"] == []
    assert remove(mock, "anna", test="true").status_code == 200


def test_every_word_is_shown_as_it_was_written(control: Control) -> None:
    """What the server tells of a script can be sent back to it."""
    shown = control.tell("PUT", "/tenants/anna/script", WORDS)["script"]
    assert shown == WORDS
    assert control.tell("PUT", "/tenants/anna/script", shown)["script"] == WORDS


@pytest.mark.parametrize(("script", "place", "allowed"), WRONG_SCRIPTS, ids=str)
def test_a_wrong_script_is_explained(control: Control, script: object, place: str, allowed: str) -> None:
    """The refusal names the word and says what is allowed; the old script stays."""
    control.tell("PUT", "/tenants/anna/script", ["429"])
    field, message = control.refuse("PUT", "/tenants/anna/script", json=script)
    assert field == place
    assert allowed in message
    assert control.tell("GET", "/tenants/anna")["script"] == ["429"]


def test_a_script_has_a_longest_length(control: Control) -> None:
    """Ten thousand words are enough for anybody."""
    assert len(control.tell("PUT", "/tenants/anna/script", ["ok"] * 10_000)["script"]) == 10_000
    control.refuse("PUT", "/tenants/anna/script", json=["ok"] * 10_001)


def test_a_fault_rule_meets_whom_it_matches(mock: Mock, control: Control) -> None:
    """It comes up as often as its count says, and tells how often it has."""
    rule = {"fault": "503", "match": {"tenant": "anna", "operation": "getAccount"}, "count": 3}
    left = {"count": 3, "seconds": None}
    assert control.tell("POST", "/faults", rule) == {"id": "1", **rule, "happened": 0, "left": left}
    assert account(mock, "berta").status_code == 200
    assert drawn(mock, 2) == [503, 503]
    assert control.tell("GET", "/faults")["faults"] == [
        {"id": "1", **rule, "happened": 2, "left": {**left, "count": 1}}
    ]
    assert drawn(mock, 2) == [503, 200]
    assert control.tell("GET", "/faults")["faults"] == []


def test_a_fault_rule_tells_how_long_it_may_still_apply(mock: Mock, control: Control) -> None:
    """Its seconds go by the clock; a rule with neither seconds nor a count has no end."""
    control.tell("PUT", "/clock", {"mode": "frozen"})
    control.tell("POST", "/faults", {"fault": "503", "match": {"tenant": "anna"}})
    added = control.tell("POST", "/faults", {"fault": "429", "seconds": 90})
    assert added["left"] == {"count": None, "seconds": 90}
    mock.clock.advance(30.5)
    assert [one["left"] for one in control.tell("GET", "/faults")["faults"]] == [
        {"count": None, "seconds": None},
        {"count": None, "seconds": 59.5},
    ]
    mock.clock.advance(59.5)
    assert [one["id"] for one in control.tell("GET", "/faults")["faults"]] == ["1"]


def test_a_tenant_tells_the_rules_of_its_scenario(tmp_path: Path) -> None:
    """Those that may still apply, with what is left of them; rules for everybody are listed elsewhere."""
    file = tmp_path / "two-faults.yaml"
    file.write_text(
        "description: Two faults.\nfaults:\n"
        "  - {fault: '503', count: 1, match: {operation: getAccount}}\n  - {fault: '500', seconds: 60}\n"
    )
    with Mock(scenario=str(file), clock=Clock(frozen=True)) as mock, closing(Control(mock)) as control:
        control.tell("POST", "/faults", {"fault": "429", "match": {"tenant": "nobody"}})
        told = control.tell("GET", "/tenants/anna")["rules"]
        assert [(one["fault"], one["left"]) for one in told] == [
            ("503", {"count": 1, "seconds": None}),
            ("500", {"count": None, "seconds": 60}),
        ]
        assert account(mock, "anna").status_code == 503
        (left,) = control.tell("GET", "/tenants")["tenants"][0]["rules"]
        assert (left["fault"], left["happened"]) == ("500", 0)
        mock.clock.advance(60)
        assert control.tell("GET", "/tenants/anna")["rules"] == []


def test_a_fault_rule_looks_at_parameters(mock: Mock, control: Control) -> None:
    """Only the requests that were sent with these values are met."""
    control.tell("POST", "/faults", {"fault": "429", "match": {"parameters": {"test": "true"}}})
    assert remove(mock, "anna", test="true").status_code == 429
    assert remove(mock, "anna").status_code == 200


def test_a_fault_rule_ends_by_the_clock(mock: Mock, control: Control) -> None:
    """Its seconds are those of the server's clock."""
    control.tell("PUT", "/clock", {"mode": "frozen"})
    control.tell("POST", "/faults", {"fault": "503", "seconds": 60})
    control.tell("POST", "/clock/advance", {"seconds": 59})
    assert drawn(mock, 1) == [503]
    control.tell("POST", "/clock/advance", {"seconds": 1})
    assert drawn(mock, 1) == [200]


def test_fault_rules_are_tried_in_order_and_removed_together(mock: Mock, control: Control) -> None:
    """The first one that fits decides; without any, all is normal."""
    control.tell("POST", "/faults", {"fault": "503", "count": 1})
    control.tell("POST", "/faults", {"fault": "429"})
    assert [rule["id"] for rule in control.tell("GET", "/faults")["faults"]] == ["1", "2"]
    assert drawn(mock, 2) == [503, 429]
    assert control.tell("DELETE", "/faults") == {"done": True}
    assert control.tell("GET", "/faults") == {"faults": []}
    assert drawn(mock, 1) == [200]


def test_one_fault_rule_can_be_removed(mock: Mock, control: Control) -> None:
    """By the id that it was given; the others stay in their order, and the id is not given again."""
    for fault in ("503", "429", "503"):
        control.tell("POST", "/faults", {"fault": fault, "match": {"operation": "getAccount"}})
    assert control.tell("DELETE", "/faults/1") == {"done": True}
    assert [rule["id"] for rule in control.tell("GET", "/faults")["faults"]] == ["2", "3"]
    assert drawn(mock, 1) == [429]
    field, message = control.refuse("DELETE", "/faults/1", 404)
    assert field == "id"
    assert "there are 2, 3" in message
    assert control.tell("POST", "/faults", {"fault": "429"})["id"] == "4"


HUGE = 10**400
WRONG_NUMBERS: list[tuple[str, str, object, str]] = [
    ("PATCH", "/tenants/anna", {"limits": {"rate": {"per_second": 1, "burst": HUGE}}}, "1000000."),
    ("PATCH", "/tenants/anna", {"limits": {"rate": {"per_second": HUGE}}}, "1000000."),
    ("PATCH", "/tenants/anna", {"limits": {"concurrency": HUGE}}, "1000000."),
    ("PATCH", "/tenants/anna", {"limits": {"ramp": {"start": HUGE}}}, "1000000."),
    ("PATCH", "/tenants/anna", {"limits": {"ramp": {"step": HUGE}}}, "1000000."),
    ("PATCH", "/tenants/anna", {"limits": {"ramp": {"every": HUGE}}}, "1000000000."),
    ("PATCH", "/tenants/anna", {"limits": {"retry_after": HUGE}}, "1000000."),
    ("PATCH", "/tenants/anna", {"latency": HUGE}, "1000000000."),
    ("PATCH", "/tenants/anna", {"credits": HUGE}, "1000000000000."),
    ("PATCH", "/tenants/anna", {"settings": {"price": HUGE}}, "1000000000000."),
    ("POST", "/faults", {"fault": "429", "count": HUGE}, "1000000000."),
    ("POST", "/faults", {"fault": "429", "seconds": HUGE}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "stall", "seconds": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "stall", "seconds": 1, "after": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "dribble", "bytes": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "dribble", "every": HUGE}}, "1000000."),
    ("POST", "/faults", {"fault": {"fault": "truncate", "after": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "reset", "after": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "expire", "after": HUGE}}, "1000000000."),
    ("POST", "/faults", {"fault": {"fault": "error", "name": "slow-down", "retry_after": HUGE}}, "1000000."),
    ("PUT", "/seed", {"seed": HUGE}, "9007199254740991."),
    ("PUT", "/clock", {"mode": "scaled", "speed": HUGE}, "1000000."),
    ("POST", "/clock/advance", {"seconds": HUGE}, "1000000000."),
]


@pytest.mark.parametrize(("method", "path", "value", "most"), WRONG_NUMBERS)
def test_every_number_has_a_maximum(control: Control, method: str, path: str, value: object, most: str) -> None:
    """A number beyond is refused with the largest that is allowed, and not repeated in full."""
    _, message = control.refuse(method, path, json=value)
    assert f"maximum of {most.rstrip('.')}" in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("match", "place", "said"),
    [
        ({"parameters": {"tesst": "true"}}, "match.parameters.tesst", "Did you mean 'test'?"),
        ({"operation": "createChatCompletion", "parameters": {"test": "true"}}, "match.parameters.test", "one of"),
        ({"provider": "xty", "parameters": {"image.url": "x"}}, "match.parameters.image.url", "'image_url'"),
        ({"operation": "getAccount", "parameters": {"test": "1"}}, "match.parameters.test", "one of none"),
        ({"provider": "xty", "operation": "getAccount"}, "match.operation", "createChatCompletion"),
    ],
)
def test_a_match_that_no_request_can_have_is_refused(
    control: Control, match: dict[str, object], place: str, said: str
) -> None:
    """Parameters belong to operations and operations to providers; the sentence says what was likely meant."""
    field, message = control.refuse("POST", "/faults", json={"fault": "429", "match": match})
    assert field == place
    assert said in message


@pytest.mark.parametrize("name", ["image.url", "image", "test", "model", "text", "stream", "result.crop_to_foreground"])
def test_a_match_may_have_any_documented_parameter(control: Control, name: str) -> None:
    """Of any provider, since none is named."""
    control.tell("POST", "/faults", {"fault": "429", "match": {"parameters": {name: "x"}}})


@pytest.mark.parametrize(("rule", "place", "allowed"), WRONG_RULES, ids=str)
def test_a_wrong_fault_rule_is_explained(control: Control, rule: object, place: str, allowed: str) -> None:
    """The refusal names the field and says what is allowed; there is no such rule."""
    field, message = control.refuse("POST", "/faults", json=rule)
    assert field == place
    assert allowed in message
    assert control.tell("GET", "/faults") == {"faults": []}


def test_the_seed_repeats_what_is_drawn(mock: Mock, control: Control) -> None:
    """The same seed draws the same again, another one something else."""
    control.tell("POST", "/faults", {"fault": "429", "probability": 0.5})
    runs = []
    for seed in (42, 42, 43):
        assert control.tell("PUT", "/seed", {"seed": seed}) == {"seed": seed}
        runs.append(drawn(mock))
    assert set(runs[0]) == {200, 429}
    assert runs[0] == runs[1] != runs[2]


@pytest.mark.parametrize("seed", [None, "42", 1.5, True, 2**53, -(2**53)])
def test_a_wrong_seed_is_refused(control: Control, seed: object) -> None:
    """A seed is a whole number that every JSON reader can hold."""
    field, _ = control.refuse("PUT", "/seed", json={"seed": seed})
    assert field == "seed"


def test_every_scenario_is_listed_and_shown(mock: Mock, control: Control) -> None:
    """Those that are shipped, each as it is written in its file."""
    listed = control.tell("GET", "/scenarios")
    assert listed["scenario"] is None
    assert [one["name"] for one in listed["scenarios"]] == list(Library(mock.engine.vocabulary).names)
    for one in listed["scenarios"]:
        assert control.tell("GET", f"/scenarios/{one['name']}")["description"] == one["description"]


@pytest.mark.parametrize("name", ["nothing-like-it", "%00", "x" * 3000])
def test_an_unknown_scenario_is_not_found(control: Control, name: str) -> None:
    """The refusal lists those that there are."""
    field, message = control.refuse("GET", f"/scenarios/{name}", 404)
    assert field == "name"
    assert "there are almost-out-of-credits" in message


def test_one_tenant_in_a_scenario(mock: Mock, control: Control) -> None:
    """It is reset before, others are not concerned, and without a name it is as at the beginning."""
    control.tell("PATCH", "/tenants/anna", {"pack": "Bulk"})
    shown = control.tell("PUT", "/tenants/anna/scenario", {"name": "out-of-credits"})
    assert (shown["scenario"], shown["credits"], shown["pack"]) == ("out-of-credits", "0", "matteproof")
    assert remove(mock, "anna").status_code == 402
    assert remove(mock, "berta").status_code == 200
    for nothing in ({}, {"name": None}):
        control.tell("PUT", "/tenants/anna/scenario", {"name": "busy"})
        shown = control.tell("PUT", "/tenants/anna/scenario", nothing)
        assert (shown["scenario"], shown["credits"]) == (None, "1000")
    assert remove(mock, "anna").status_code == 200


def test_every_tenant_in_a_scenario(mock: Mock, control: Control) -> None:
    """Those that there are and those to come, until there is none any more."""
    control.tell("PATCH", "/tenants/anna", {"credits": "5"})
    assert control.tell("PUT", "/scenario", {"name": "out-of-credits"}) == {"name": "out-of-credits"}
    assert control.tell("GET", "/scenarios")["scenario"] == "out-of-credits"
    assert [remove(mock, name).status_code for name in ("anna", "berta")] == [402, 402]
    assert control.tell("PUT", "/scenario", {}) == {"name": None}
    assert control.tell("GET", "/scenarios")["scenario"] is None
    assert [remove(mock, name).status_code for name in ("anna", "berta", "clara")] == [200, 200, 200]


def test_faults_of_scenarios_are_not_everybodys(mock: Mock, control: Control) -> None:
    """They are not listed among the rules, and removing those leaves them."""
    control.tell("PUT", "/tenants/anna/scenario", {"name": "busy"})
    control.tell("DELETE", "/faults")
    assert control.tell("GET", "/faults") == {"faults": []}
    assert 429 in drawn(mock)


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/faults"), ("GET", "/scenarios")])
def test_what_there_is_not_is_named_as_it_was_asked_for(control: Control, method: str, path: str) -> None:
    """With its slashes, which came with percent signs."""
    assert "'a/b'" in control.refuse(method, f"{path}/a%2Fb", 404)[1]


@pytest.mark.parametrize("path", ["/scenario", "/tenants/anna/scenario"])
@pytest.mark.parametrize(("choice", "place", "allowed"), WRONG_SCENARIOS, ids=str)
def test_a_wrong_choice_is_explained(control: Control, path: str, choice: object, place: str, allowed: str) -> None:
    """The refusal names the field and says what is allowed; all stays as it was."""
    control.tell("PATCH", "/tenants/anna", {"credits": "5"})
    field, message = control.refuse("PUT", path, json=choice)
    assert field == place
    assert allowed in message
    assert control.tell("GET", "/tenants/anna")["credits"] == "5"
    assert control.tell("GET", "/scenarios")["scenario"] is None


def test_a_reset_forgets_all_but_the_time(mock: Mock, control: Control) -> None:
    """Tenants, faults, the scenario and the journal are gone, and draws begin anew; the clock stays as it is."""
    control.tell("PUT", "/clock", {"mode": "frozen", "now": "2031-01-01T00:00:00Z"})
    control.tell("PUT", "/scenario", {"name": "busy"})
    control.tell("POST", "/faults", {"fault": "503"})
    account(mock, "anna")
    happened(control, 1)
    assert control.tell("POST", "/reset") == {"done": True}
    assert control.tell("GET", "/tenants") == {"tenants": []}
    assert control.tell("GET", "/faults") == {"faults": []}
    assert control.tell("GET", "/scenarios")["scenario"] is None
    assert control.tell("GET", "/journal") == {"count": 0, "later": 0, "exchanges": []}
    clock = control.tell("GET", "/clock")
    assert (clock["mode"], clock["speed"], clock["now"]) == ("frozen", 1, "2031-01-01T00:00:00Z")
    assert account(mock, "anna").status_code == 200
