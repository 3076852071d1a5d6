"""The driver keeps to its limits, judges while it goes, and repeats itself exactly."""

from __future__ import annotations

import socket
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from contracts.cases import Campaign, Case, Credentials, Sign, Step
from contracts.checks import KEPT, Broken, Call, Checks
from contracts.clock import Clock
from contracts.conformance.budget import Budget
from contracts.conformance.run import Conclusion
from contracts.conformance.server import Options, ServerCheck
from contracts.conformance.target import TargetError
from contracts.conformance.transport import Transport
from contracts.judge import Verdict
from contracts.model import Ending, Exchange, Headers, Request, Response
from contracts.providers import discover
from scripted import OK, Scripted, read_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts.checks import Finding

PIXIAN = discover()["pixian"]
RULE = "pixian.server.success.status"
ORIGIN = "http://127.0.0.1:1"


class Sender:
    """Answers by a function of the request's body, without any socket, and keeps what was sent."""

    connections = 0

    def __init__(self, answer: Callable[[Request], Response | None]) -> None:
        """Answer by *answer*."""
        self._answer = answer
        self.requests: list[Request] = []

    @property
    def sent(self) -> int:
        """How many requests were sent."""
        return len(self.requests)

    @sent.setter
    def sent(self, value: int) -> None:
        raise AssertionError(value)

    def send(self, request: Request) -> Exchange:
        """Answer *request*."""
        self.requests.append(request)
        return Exchange(self.sent - 1, 0, request, self._answer(request), 0.0, 1.0, Ending.DONE)


class Kit:
    """A kit with one campaign: bodies are numbers, and each may break the rule."""

    by_key = False
    has_tests = True
    names_results = True

    def __init__(self, *cases: Case, generated: bool = False) -> None:
        """Have a campaign with *cases*."""
        self.checks: Checks[Call] = Checks(
            "pixian.server", lambda timeline: [Call(one, {}) for one in timeline.exchanges]
        )
        self.checks.each("success.status")(self.judged)
        strategy = st.builds(lambda number: case(str(number)), st.integers(0, 1000))
        self.campaigns = (
            Campaign("numbers", "", ("success",), lambda: cases, (lambda: strategy) if generated else None),
        )

        self.client_checks: Checks[Call] = Checks("pixian.client", lambda _: [])
        self.client_campaigns = ()

    def judged(self, call: Call) -> Finding:
        """Find answers with status 500 wrong."""
        response = call.exchange.response
        return Broken("status", "200", "500") if response is not None and response.status == 500 else KEPT

    def anonymous(self, name: str) -> Credentials:
        """Return credentials."""
        return Credentials(name, name)

    def signed(self, request: Request, credentials: Credentials, sign: Sign) -> Request:
        """Return *request* with the id."""
        headers = Headers((("Authorization", f"{sign} {credentials.id}"),))
        return Request(request.method, request.path, request.query, headers, request.body, request.origin)

    def follow(self, exchange: Exchange) -> Request | None:
        """Follow the header Location."""
        place = exchange.response.headers.get("Location") if exchange.response else None
        return Request("GET", "/followed", origin=place) if place else None

    def charged(self, exchange: Exchange) -> Decimal | None:
        """Charge one credit for every answer that does not keep it to itself."""
        return None if exchange.response is not None and "X-Secretive" in exchange.response.headers else Decimal(1)

    def curl(self, request: Request, credentials: Credentials) -> str:
        """Sign nothing."""
        del request, credentials
        return ""

    def described(self, request: Request) -> str:
        """Show the body."""
        return request.body.decode()

    def pictures(self, exchange: Exchange) -> tuple[bytes | None, bytes | None]:
        """Show nothing."""
        del exchange
        return None, None


def case(text: str, *, price: float = 0.0, steps: int = 1, anywhere: bool = True) -> Case:
    """Return a case that sends *text*."""
    step = Step(Request("POST", "/", body=text.encode()), credits=price)
    return Case(text, (step,) * steps, anywhere=anywhere)


def answered(status: int, **headers: str) -> Response:
    """Return an answer."""
    return Response(status, Headers(tuple((name.replace("_", "-"), value) for name, value in headers.items())), b"")


def checked(
    kit: Kit, sender: Sender, *, options: Options | None = None, budget: Budget | None = None, origin: str = ORIGIN
) -> ServerCheck:
    """Return a check of the server behind *sender*."""
    return ServerCheck(
        PIXIAN,
        kit,
        origin,
        Credentials("me", "secret"),
        sender,
        options=options or Options(only=frozenset({RULE})),
        budget=budget or Budget(),
        clock=Clock(frozen=True, now=0.0),
    )


def test_a_conforming_server_conforms() -> None:
    """The rule is exercised once for every answer, and requests carry origin and credentials."""
    sender = Sender(lambda _: answered(200))
    run = checked(Kit(case("1"), case("2")), sender).run()
    assert run.conclusion is Conclusion.CONFORMS
    assert [one.verdict for one in run.judgements] == [Verdict.PASS]
    assert run.judgements[0].exercised == 2
    assert {request.origin for request in sender.requests} == {ORIGIN}
    assert sender.requests[0].headers.get("Authorization") == "own me"


def test_the_smallest_case_shows_the_fault() -> None:
    """Hypothesis makes a case smaller until nothing smaller breaks the rule."""
    sender = Sender(lambda request: answered(500 if int(request.body) > 37 else 200))
    run = checked(Kit(generated=True), sender).run()
    assert run.conclusion is Conclusion.VIOLATES
    shown = run.exchanges[run.judgements[0].violations[0].exchange]
    assert shown.request.body == b"38"
    assert "38" in run.reproductions[shown.number]
    assert run.descriptions[shown.number] == "38"


def test_a_seed_repeats_a_run() -> None:
    """The same requests in the same order; another seed sends others."""
    bodies = []
    for seed in (5, 5, 6):
        sender = Sender(lambda _: answered(200))
        checked(Kit(generated=True), sender, options=Options(seed=seed, only=frozenset({RULE}))).run()
        bodies.append([request.body for request in sender.requests])
    assert bodies[0] == bodies[1]
    assert bodies[0] != bodies[2]


def test_a_server_that_changes_its_mind_is_no_crash() -> None:
    """An answer that differs each time cannot be made smaller, yet it is told."""
    answers = iter([200] * 12 + [500] + [200] * 10_000)
    run = checked(Kit(generated=True), Sender(lambda _: answered(next(answers)))).run()
    assert run.judgements[0].broken == 1
    assert not run.stopped


def test_the_budget_ends_a_run_before_the_next_request() -> None:
    """Fixed and generated cases alike; the verdict is that nothing can be said."""
    for generated in (False, True):
        sender = Sender(lambda _: answered(200))
        kit = Kit(*[case(str(number)) for number in range(5)], generated=generated)
        run = checked(kit, sender, budget=Budget(max_requests=7 if generated else 3)).run()
        assert sender.sent == (7 if generated else 3)
        assert "--max-requests" in run.doubt
        assert run.conclusion is Conclusion.INCONCLUSIVE


def test_credits_are_counted_as_the_answers_say() -> None:
    """A request that could go beyond the limit is not sent."""
    sender = Sender(lambda _: answered(200))
    run = checked(Kit(case("1", price=2, steps=3)), sender, budget=Budget(max_credits=Decimal(3))).run()
    assert sender.sent == 2
    assert run.credits == 2
    assert "--max-credits" in run.stopped


def test_answers_that_do_not_tell_their_charge_count_as_the_most() -> None:
    """The limit holds for servers that never say what they charge, and the report says that the sum is a bound."""
    sender = Sender(lambda _: answered(200, X_Secretive="yes"))
    run = checked(Kit(case("1", price=2, steps=3)), sender, budget=Budget(max_credits=Decimal(5))).run()
    assert sender.sent == 2
    assert run.cost == "up to 4 credits"
    assert "--max-credits" in run.stopped


def test_what_was_never_sent_costs_nothing() -> None:
    """A server that nobody reaches charges nobody."""

    def answer(request: Request) -> Response:
        raise TargetError(request.origin)

    run = checked(Kit(case("1", price=2)), Sender(answer)).run()
    assert run.cost == "0 credits"


@pytest.mark.parametrize(("charges", "live", "expected"), [(True, False, 3), (False, True, 1), (True, True, 2)])
def test_what_is_not_allowed_is_not_sent(*, charges: bool, live: bool, expected: int) -> None:
    """Without charges nothing that may cost; on live servers nothing that strangers are spared."""
    sender = Sender(lambda _: answered(200))
    kit = Kit(case("free"), case("dear", price=1), case("hostile", anywhere=False))
    checked(kit, sender, options=Options(only=frozenset({RULE}), charges=charges, live=live)).run()
    assert sender.sent == expected


def test_a_live_server_that_says_429_is_asked_again_later() -> None:
    """The pauses grow linearly: 5, 10, 15 seconds; after that the run ends."""
    clock = Clock(frozen=True, now=0.0)
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock.advance(seconds)

    statuses = iter([429, 429, 200, *[429] * 10])
    sender = Sender(lambda _: answered(next(statuses)))
    check = checked(Kit(case("1"), case("2")), sender, options=Options(only=frozenset({RULE}), live=True))
    check.clock = clock
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "sleep", sleep)
        run = check.run()
    assert waits[:2] == [5, 10]
    assert "429" in run.stopped
    assert sender.sent <= 8


@pytest.mark.parametrize(("status", "word"), [(401, "credentials"), (402, "payment")])
def test_a_live_server_that_refuses_us_is_left_alone(status: int, word: str) -> None:
    """The first refusal ends the run, with what to do."""
    sender = Sender(lambda _: answered(status))
    run = checked(Kit(case("1"), case("2")), sender, options=Options(only=frozenset({RULE}), live=True)).run()
    assert sender.sent == 1
    assert word in run.stopped


def test_a_server_that_never_answers_is_given_up() -> None:
    """After a few requests without any answer."""
    sender = Sender(lambda _: None)
    run = checked(Kit(*[case(str(number)) for number in range(50)]), sender).run()
    assert sender.sent == 3
    assert "no whole answer" in run.stopped


def test_what_is_lost_on_a_kept_connection_is_sent_again() -> None:
    """A server may close a connection whenever it likes; the budget counts what was lost."""

    def play(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(OK)
        read_request(connection)

    with Scripted(play) as server, Transport(patience=5) as transport:
        cases = [case(str(number)) for number in range(3)]
        check = checked(Kit(*cases), Sender(lambda _: None), origin=server.origin)
        check.sender = transport
        run = check.run()
    assert run.conclusion is Conclusion.CONFORMS
    assert run.judgements[0].exercised == 3
    assert run.requests == check.budget.requests == 5
    assert run.repeated == 2
    assert [note[:24] for note in run.notes] == ["2 requests were lost, as"]


def test_what_is_no_answer_is_not_lost() -> None:
    """Whatever comes before a kept connection is closed is what the server has to say."""

    def play(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(OK)
        read_request(connection)
        connection.sendall(b"this is no HTTP")

    with Scripted(play) as server, Transport(patience=5) as transport:
        check = checked(Kit(case("0"), case("1")), Sender(lambda _: None), origin=server.origin)
        check.sender = transport
        run = check.run()
    assert (run.requests, run.notes) == (2, ())


def test_what_is_lost_on_a_new_connection_is_judged() -> None:
    """A request that the server never answers is sent no more than twice, and is without an answer."""
    heard: list[bytes] = []

    def play(connection: socket.socket) -> None:
        while request := read_request(connection):
            heard.append(request.rpartition(b"\r\n")[2])
            if heard[-1] == b"1":
                return
            connection.sendall(OK)

    with Scripted(play) as server, Transport(patience=5) as transport:
        cases = [case(str(number)) for number in range(3)]
        options = Options(only=frozenset({RULE}), record=True)
        check = checked(Kit(*cases), Sender(lambda _: None), origin=server.origin, options=options)
        check.sender = transport
        run = check.run()
    assert heard == [b"0", b"1", b"1", b"2"]
    assert [run.exchanges[number].response is None for number in range(4)] == [False, True, True, False]
    assert run.judgements[0].exercised == 3


def test_a_server_that_goes_away_ends_the_run() -> None:
    """What was found until then is kept."""

    def answer(request: Request) -> Response:
        if request.body == b"2":
            raise TargetError("nobody there")
        return answered(200)

    run = checked(Kit(case("1"), case("2"), case("3")), Sender(answer)).run()
    assert run.stopped == "nobody there"
    assert run.judgements[0].exercised == 1


ADDRESSES = {"example.com": "93.184.215.14", "cdn.example.com": "93.184.215.15", "inside.example.com": "10.1.2.3"}


@pytest.mark.parametrize(
    ("origin", "place", "followed"),
    [
        ("http://127.0.0.1:1", "http://localhost:2", True),
        ("http://127.0.0.1:1", "https://example.com", False),
        ("https://example.com", "https://cdn.example.com", True),
        ("https://example.com", "https://nowhere.example.com", True),
        ("https://example.com", "https://inside.example.com", False),
        ("https://inside.example.com", "https://inside.example.com:8443", True),
        ("https://inside.example.com", "http://192.168.0.9", True),
        ("https://example.com", "http://192.168.0.9", False),
        ("https://example.com", "http://127.0.0.1:22", False),
        ("https://inside.example.com", "http://127.0.0.1:22", False),
        ("http://127.0.0.1:1", "rubbish", False),
    ],
)
def test_an_address_that_the_server_names_is_not_always_followed(
    monkeypatch: pytest.MonkeyPatch, origin: str, place: str, *, followed: bool
) -> None:
    """A local server sends us nowhere else, and a live one to nothing more private than it is itself."""

    def resolved(host: str, port: int | None, type: int) -> list[tuple[object, ...]]:  # noqa: A002  as it is called
        del port, type
        if host.endswith(".com") and host not in ADDRESSES:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ADDRESSES.get(host, host), 0))]

    monkeypatch.setattr("socket.getaddrinfo", resolved)
    sender = Sender(lambda request: answered(200, **({} if request.path == "/followed" else {"Location": place})))
    checked(Kit(case("1")), sender, origin=origin).run()
    assert [request.path for request in sender.requests] == ["/", *(["/followed"] if followed else [])]


def test_what_happened_before_the_end_is_judged() -> None:
    """A case that a stop, a server that goes away or an empty budget cuts short is judged as far as it came."""
    statuses = iter([500, 429, 429, 429, 429])
    sender = Sender(lambda _: answered(next(statuses)))
    check = checked(Kit(case("1", steps=2)), sender, options=Options(only=frozenset({RULE}), live=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(check.clock, "sleep", check.clock.advance)
        run = check.run()
    assert "429" in run.stopped
    assert (run.judgements[0].exercised, run.judgements[0].broken) == (5, 1)


def test_an_address_where_nobody_is_does_not_end_the_run() -> None:
    """The server has named it, so that is for the checks to judge: an exchange without a response."""

    def answer(request: Request) -> Response:
        if request.path == "/followed":
            raise TargetError("nobody there")
        return answered(200, Location="http://127.0.0.1:2")

    kit = Kit(case("1"), case("2"))
    seen: list[Exchange] = []
    kit.checks.each("success.status")(lambda call: seen.append(call.exchange))
    run = checked(kit, Sender(answer)).run()
    assert not run.stopped
    assert [exchange.response is None for exchange in seen] == [False, True, False, True]


def test_only_what_is_shown_is_kept_unless_recorded() -> None:
    """Memory holds the exchanges of violations, and all of them when somebody wants a recording."""
    cases = [case(str(number)) for number in range(20)]
    for record, expected in ((False, 1), (True, 20)):
        sender = Sender(lambda request: answered(500 if request.body == b"7" else 200))
        run = checked(Kit(*cases), sender, options=Options(only=frozenset({RULE}), record=record)).run()
        assert len(run.exchanges) == expected
