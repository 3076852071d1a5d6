"""Tenants: opened by any credentials, islands to each other, bounded in number."""

from __future__ import annotations

from decimal import Decimal

from contracts.behaviour import Credentials, Problem
from mockserver.state.tenant import Tenant
from mockserver.state.tenants import Tenants


def test_credentials_open_a_tenant_and_find_it_again() -> None:
    """The same credentials lead to the same tenant."""
    tenants = Tenants({})
    first = tenants.open("api", Credentials("me", "secret"))
    assert isinstance(first, Tenant)
    assert tenants.open("api", Credentials("me", "secret")) is first


def test_another_secret_opens_nothing() -> None:
    """The first secret seen with a name is its secret."""
    tenants = Tenants({})
    tenants.open("api", Credentials("me", "secret"))
    assert tenants.open("api", Credentials("me", "guess")) is Problem.WRONG_SECRET


def test_where_keys_are_listed_an_unknown_name_is_no_wrong_secret() -> None:
    """Whoever is not listed is unknown; whoever is, but with another secret, has a wrong one."""
    tenants = Tenants({})
    tenants.restrict({"me": frozenset({"secret"})})
    assert isinstance(tenants.open("api", Credentials("me", "secret")), Tenant)
    assert tenants.open("api", Credentials("me", "guess")) is Problem.WRONG_SECRET
    assert tenants.open("api", Credentials("you", "secret")) is Problem.UNKNOWN_CREDENTIALS


def test_tenants_do_not_share_credits() -> None:
    """Neither another name nor the same name at another provider sees a charge."""
    tenants = Tenants({})
    mine = tenants.open("api", Credentials("me", "s"))
    others = [tenants.open("api", Credentials("you", "s")), tenants.open("other", Credentials("me", "s"))]
    assert isinstance(mine, Tenant)
    mine.ledger.charge(Decimal(5))
    assert [other.ledger.account.credits for other in others if isinstance(other, Tenant)] == [1000, 1000]


def test_the_tenant_longest_unused_is_forgotten() -> None:
    """Beyond the limit, whoever has not been seen for longest makes room."""
    tenants = Tenants({}, limit=2)
    for name in ("a", "b", "a", "c"):
        tenants.open("api", Credentials(name, "s"))
    assert [tenant.name for tenant in tenants.all()] == ["a", "c"]


def test_a_secret_is_not_shown() -> None:
    """The text form of credentials does not hold the secret."""
    assert "hidden" not in repr(Credentials("me", "hidden"))
