"""The words by which faults are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contracts.schemas import schema_at
from mockserver.faults import Fault, FaultRule, Match, WordError, fault_of, word_of
from mockserver.faults.answer import ErrorFault, RedirectFault, StatusFault
from mockserver.faults.body import ReplaceFault
from mockserver.faults.connection import CloseFault, ResetFault
from mockserver.faults.delivery import DribbleFault, StallFault, TruncateFault
from mockserver.faults.field import ContentTypeFault, HeadersFault
from mockserver.faults.result import ExpireFault, NoImageFault
from mockserver.faults.words import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

ERRORS = ("slow-down", "quota-exhausted")
KINDS = ["ok", "error", "status", "redirect", "headers", "content-type", "replace"]
KINDS += ["stall", "dribble", "truncate", "close", "reset", "expire", "no-image"]

WORDS: list[tuple[object, Fault]] = [
    ("ok", Fault()),
    ("429", StatusFault(429)),
    ("200", StatusFault(200)),
    ("599", StatusFault(599)),
    ("slow-down", ErrorFault("slow-down")),
    ({"fault": "error", "name": "slow-down", "retry_after": 5}, ErrorFault("slow-down", 5)),
    ({"fault": "status", "status": 500, "body": "html"}, StatusFault(500, "html")),
    ({"fault": "status", "status": 500, "body": "empty"}, StatusFault(500, "empty")),
    ({"fault": "status", "status": 500, "body": "malformed"}, StatusFault(500, "malformed")),
    ({"fault": "status", "status": 503, "retry_after": 0}, StatusFault(503, retry_after=0)),
    ({"fault": "redirect", "location": "/elsewhere"}, RedirectFault("/elsewhere")),
    ({"fault": "redirect", "location": "https://test/", "status": 308}, RedirectFault("https://test/", 308)),
    ({"fault": "headers"}, HeadersFault()),
    ({"fault": "headers", "set": {"X-A": ""}, "remove": ["X-B"]}, HeadersFault({"X-A": ""}, ("X-B",))),
    ({"fault": "content-type"}, ContentTypeFault()),
    ({"fault": "replace", "text": "a", "by": "b"}, ReplaceFault("a", "b")),
    ({"fault": "replace", "text": "a"}, ReplaceFault("a")),
    ({"fault": "content-type", "value": "text/html"}, ContentTypeFault("text/html")),
    ({"fault": "stall", "seconds": 190}, StallFault(190)),
    ({"fault": "stall", "seconds": 0.5, "after": 0}, StallFault(0.5, 0)),
    ({"fault": "dribble"}, DribbleFault()),
    ({"fault": "dribble", "bytes": 7, "every": 0}, DribbleFault(7, 0)),
    ({"fault": "truncate"}, TruncateFault()),
    ({"fault": "truncate", "after": 1000}, TruncateFault(1000)),
    ({"fault": "close"}, CloseFault()),
    ({"fault": "reset"}, ResetFault()),
    ({"fault": "reset", "after": 0}, ResetFault(0)),
    ({"fault": "expire"}, ExpireFault()),
    ({"fault": "expire", "after": 59.5}, ExpireFault(59.5)),
    ({"fault": "no-image"}, NoImageFault()),
]
"""Words as :func:`word_of` writes them, each with what it means."""

LONGER: list[tuple[object, Fault]] = [
    (429, StatusFault(429)),
    ({"fault": "ok"}, Fault()),
    ({"fault": "status", "status": 429}, StatusFault(429)),
    ({"fault": "status", "status": 429, "body": "json"}, StatusFault(429)),
    ({"fault": "error", "name": "slow-down"}, ErrorFault("slow-down")),
    ({"fault": "redirect", "location": "/x", "status": 302}, RedirectFault("/x")),
    ({"fault": "content-type", "value": None}, ContentTypeFault()),
    ({"fault": "stall", "seconds": 5, "after": None}, StallFault(5)),
    ({"fault": "reset", "after": None}, ResetFault()),
    ({"fault": "truncate", "after": 0}, TruncateFault()),
]
"""Other ways to say the same."""


def refused(word: object) -> WordError:
    """Return the error that *word* is refused with."""
    with pytest.raises(WordError) as caught:
        fault_of(word, ERRORS)
    return caught.value


def rule_refused(value: object) -> WordError:
    """Return the error that the rule *value* is refused with."""
    with pytest.raises(WordError) as caught:
        FaultRule.read("1", value, ERRORS)
    return caught.value


class TestMeaning:
    """A word means a fault, and a fault has one word."""

    @pytest.mark.parametrize(("word", "fault"), [*WORDS, *LONGER])
    def test_every_word_is_understood(self, word: object, fault: Fault) -> None:
        """A status, a name and every kind of object mean what the document says."""
        found = fault_of(word, ERRORS)
        assert found == fault
        assert type(found) is type(fault)

    @pytest.mark.parametrize(("word", "fault"), WORDS)
    def test_a_fault_is_told_by_the_word_that_asks_for_it(self, word: object, fault: Fault) -> None:
        """What is written is what was read, without what is as it would be anyway."""
        assert word_of(fault) == word

    @pytest.mark.parametrize(("word", "fault"), [*WORDS, *LONGER])
    def test_what_is_written_is_allowed_and_can_be_read_again(self, word: object, fault: Fault) -> None:
        """The control API's document accepts both the word that was read and the one that is written."""
        schema = schema_at(FOLDER, "openapi.yaml#/components/schemas/Word")
        assert schema.errors(word) == ()
        assert schema.errors(word_of(fault)) == ()
        assert fault_of(word_of(fault), ERRORS) == fault

    @pytest.mark.parametrize(("word", "fault"), WORDS)
    def test_every_fault_says_what_happens(self, word: object, fault: Fault) -> None:
        """The journal has a sentence for each, on one line."""
        del word
        assert fault.sentence
        assert "\n" not in fault.sentence

    def test_every_kind_is_among_the_words(self) -> None:
        """No kind of fault is left out of these tests."""
        objects = [word for word, _ in [*WORDS, *LONGER] if isinstance(word, dict)]
        assert {word["fault"] for word in objects} == set(KINDS)


class TestRefusal:
    """What is wrong is refused with its place and with what is allowed."""

    @pytest.mark.parametrize("word", [{}, {"fault": "stal"}, {"fault": 5}, {"fault": None}, {"fault": ["ok"]}])
    def test_an_unknown_kind_is_answered_with_all_kinds(self, word: object) -> None:
        """The field is ``fault``, and the sentence lists what it can be."""
        error = refused(word)
        assert error.field == "fault"
        assert error.problem.endswith(f"Allowed is one of: {', '.join(KINDS)}.")

    def test_a_slip_of_the_pen_gets_a_suggestion(self) -> None:
        """A kind or a name that is nearly right is guessed."""
        assert "Did you mean 'stall'?" in refused({"fault": "stal"}).problem
        assert "Did you mean 'slow-down'?" in refused("slowdown").problem
        assert "Did you mean 'slow-down'?" in refused({"fault": "error", "name": "slow-dwn"}).problem

    @pytest.mark.parametrize("word", ["", "OK", "nonsense", "-1", "42.9", "²²²", "٤٢٩", -1, " 429"])
    def test_an_unknown_text_is_answered_with_all_words(self, word: object) -> None:
        """A status, ``ok`` and every documented error are listed."""
        error = refused(word)
        assert error.field == ""
        assert error.problem.endswith("Allowed is a status such as 429, or one of: ok, slow-down, quota-exhausted.")

    def test_an_unknown_error_is_answered_with_all_errors(self) -> None:
        """The field is ``name``."""
        error = refused({"fault": "error", "name": "nonsense"})
        assert error.field == "name"
        assert error.problem.endswith("Allowed is one of: slow-down, quota-exhausted.")

    @pytest.mark.parametrize("word", ["0", "199", "600", "99999", 0, 199, 600])
    def test_a_status_out_of_range_is_answered_with_the_range(self, word: object) -> None:
        """The number may be written either way."""
        assert f"a status is between 200 and 599, not {word}" in refused(word).problem

    @pytest.mark.parametrize(
        ("word", "kind"), [(None, "NoneType"), (True, "bool"), (False, "bool"), (4.5, "float"), (["429"], "list")]
    )
    def test_other_values_are_no_words(self, word: object, kind: str) -> None:
        """The sentence says what a word is."""
        assert refused(word).problem == f"a word is a text, a number or an object, not {kind}"

    @pytest.mark.parametrize(
        ("word", "field", "sentence"),
        [
            ({"fault": "error"}, "", "'name' is a required property"),
            ({"fault": "status"}, "", "'status' is a required property"),
            ({"fault": "status", "status": 199}, "status", "less than the minimum of 200"),
            ({"fault": "status", "status": 600}, "status", "more than the maximum of 599"),
            ({"fault": "status", "status": "429"}, "status", '"429" is not of the type integer'),
            ({"fault": "status", "status": True}, "status", "not of the type integer"),
            (
                {"fault": "status", "status": 429, "body": "xml"},
                "body",
                "not one of json, html, empty, malformed",
            ),
            ({"fault": "status", "status": 429, "retry_after": -1}, "retry_after", "less than the minimum of 0"),
            ({"fault": "redirect"}, "", "'location' is a required property"),
            ({"fault": "redirect", "location": "/a b"}, "location", "does not have the required form, as in"),
            ({"fault": "redirect", "location": "/a\r\nX: y"}, "location", "does not have the required form, as in"),
            ({"fault": "redirect", "location": "/a\n"}, "location", "does not have the required form, as in"),
            ({"fault": "redirect", "location": "/", "status": 200}, "status", "301, 302, 303, 307, 308"),
            ({"fault": "headers", "set": {"X-A": "a\r\nX-B: b"}}, "set.X-A", "does not have the required form, as in"),
            ({"fault": "headers", "set": {"X-A": "a\n"}}, "set.X-A", "does not have the required form, as in"),
            ({"fault": "headers", "set": {"X A": "a"}}, "set", "does not have the required form, as in"),
            ({"fault": "headers", "set": {"X-A": 5}}, "set.X-A", "not of the type string"),
            ({"fault": "headers", "remove": "X-A"}, "remove", "not of the type array"),
            ({"fault": "content-type", "value": ""}, "value", 'as in "text/html"'),
            ({"fault": "content-type", "value": "text/html\n"}, "value", "does not have the required form, as in"),
            ({"fault": "stall"}, "", "'seconds' is a required property"),
            ({"fault": "stall", "seconds": -1}, "seconds", "less than the minimum of 0"),
            ({"fault": "stall", "seconds": 2e9}, "seconds", "more than the maximum of 1000000000"),
            ({"fault": "stall", "seconds": "190"}, "seconds", "not of the type number"),
            ({"fault": "stall", "seconds": 190, "after": -1}, "after", "less than the minimum of 0"),
            ({"fault": "dribble", "bytes": 0}, "bytes", "less than the minimum of 1"),
            ({"fault": "dribble", "every": -1}, "every", "less than the minimum of 0"),
            ({"fault": "truncate", "after": -1}, "after", "less than the minimum of 0"),
            ({"fault": "truncate", "after": 1.5}, "after", "not of the type integer"),
            ({"fault": "reset", "after": "1"}, "after", "not of the type integer"),
            ({"fault": "expire", "after": -1}, "after", "less than the minimum of 0"),
            ({"fault": "truncate", "before": 5}, "", 'there is no "before"; allowed are fault, after'),
            ({"fault": "close", "after": 5}, "", 'there is no "after"; allowed are fault'),
            (
                {"fault": "stall", "second": 3},
                "",
                """there is no "second"; allowed are fault, seconds, after. Did you mean 'seconds'?""",
            ),
            ({"fault": "redirect", "to": "http://a"}, "", 'there is no "to"; allowed are fault, location, status'),
        ],
    )
    def test_a_wrong_field_is_named_with_what_it_can_be(self, word: object, field: str, sentence: str) -> None:
        """The error leads to the field and says what is allowed there."""
        error = refused(word)
        assert error.field == field
        assert sentence in error.problem
        assert str(error) == (f"{field}: {error.problem}" if field else error.problem)


class TestRule:
    """A rule is a word with conditions."""

    def test_a_rule_is_what_its_json_says(self) -> None:
        """Every field is read, and the rest is as the document says."""
        match = {"tenant": "anna", "provider": "pixian", "operation": "getAccount", "parameters": {"test": "true"}}
        value = {"fault": "429", "match": match, "probability": 0.5, "count": 3, "seconds": 60}
        found = FaultRule.read("7", value, ERRORS)
        wanted = Match("anna", "pixian", "getAccount", {"test": "true"})
        assert found == FaultRule("7", StatusFault(429), wanted, probability=0.5, count=3, seconds=60)
        assert found.told() == {"id": "7", **value}

    def test_a_rule_without_conditions_is_told_without_any(self) -> None:
        """It holds for all, always and for ever."""
        found = FaultRule.read("7", {"fault": {"fault": "close"}}, ERRORS)
        assert found == FaultRule("7", CloseFault(), Match(), probability=1.0, count=None, seconds=None)
        assert found.told() == {"id": "7", "fault": {"fault": "close"}}

    @pytest.mark.parametrize(
        ("value", "field", "sentence"),
        [
            ([], "", "a rule is an object"),
            (None, "", "a rule is an object"),
            ({}, "", "'fault' is a required property"),
            ({"fault": "nonsense"}, "fault", "Allowed is a status such as 429, or one of: ok, slow-down"),
            ({"fault": {"fault": "nonsense"}}, "fault.fault", "Allowed is one of: ok, error, status"),
            ({"fault": {"fault": "status", "status": 1}}, "fault.status", "less than the minimum of 200"),
            ({"fault": "429", "probability": 1.1}, "probability", "more than the maximum of 1"),
            ({"fault": "429", "probability": -0.1}, "probability", "less than the minimum of 0"),
            ({"fault": "429", "count": 0}, "count", "less than the minimum of 1"),
            ({"fault": "429", "seconds": -1}, "seconds", "less than the minimum of 0"),
            ({"fault": "429", "match": None}, "match", "not of the type object"),
            ({"fault": "429", "match": {"tenat": "a"}}, "match", "allowed are tenant, provider, operation, parameters"),
            ({"fault": "429", "match": {"parameters": {"test": True}}}, "match.parameters.test", "of the type string"),
            ({"fault": "429", "often": 3}, "", "allowed are fault, match, probability, count, seconds"),
        ],
    )
    def test_a_wrong_rule_is_refused_at_the_place(self, value: object, field: str, sentence: str) -> None:
        """The place is given as seen from the rule, however deep it is."""
        error = rule_refused(value)
        assert error.field == field
        assert sentence in error.problem

    def test_an_error_is_told_from_outside_too(self) -> None:
        """A place within a list, within an object and within nothing reads as one path."""
        assert WordError("status", "no").within("fault").field == "fault.status"
        assert WordError("[2]", "no").within("script").field == "script[2]"
        assert WordError("", "no").within("script[2]").field == "script[2]"
        assert WordError("name", "no").within("script[2]").within("tenant").field == "tenant.script[2].name"


FRACTIONS = st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: not number.is_integer())
NUMBERS = st.integers(-(2**70), 2**70) | FRACTIONS
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from(["after", "seconds", "status", "body", "name", "set", "remove", "value", "bytes", "every"])
FIELDS = st.dictionaries(NAMES | TEXTS, JSON, max_size=4)
OBJECTS = st.builds(lambda kind, fields: {**fields, "fault": kind}, st.sampled_from(KINDS), FIELDS)
CONDITIONS = st.dictionaries(st.sampled_from(["match", "probability", "count", "seconds"]) | TEXTS, JSON, max_size=4)


def understood(read: Callable[[], object]) -> bool:
    """Tell whether *read* understands; any error but a :class:`WordError` goes on."""
    try:
        read()
    except WordError:
        return False
    return True


class TestAnything:
    """Whatever JSON comes is understood or refused."""

    @settings(deadline=None)
    @given(JSON | OBJECTS)
    @example({"fault": "truncate", "after": 10**30})
    @example({"fault": "stall", "seconds": -(10**400)})
    def test_a_word_is_understood_or_refused(self, word: object) -> None:
        """There is no error of another kind, and what is understood can be written and read again."""
        if understood(lambda: fault_of(word, ERRORS)):
            fault = fault_of(word, ERRORS)
            assert fault_of(word_of(fault), ERRORS) == fault
            assert schema_at(FOLDER, "openapi.yaml#/components/schemas/Word").accepts(word_of(fault))

    @settings(deadline=None)
    @given(JSON | st.builds(lambda word, rest: {**rest, "fault": word}, JSON | OBJECTS | st.just("429"), CONDITIONS))
    def test_a_rule_is_understood_or_refused(self, value: object) -> None:
        """Likewise for rules."""
        if understood(lambda: FaultRule.read("1", value, ERRORS)):
            told = FaultRule.read("1", value, ERRORS).told()
            listed = {**told, "happened": 0, "left": {"count": None, "seconds": None}}
            assert schema_at(FOLDER, "openapi.yaml#/components/schemas/ListedFaultRule").accepts(listed)
