"""A third provider is one folder: found by its entry point, it appears everywhere without a changed line."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from command import run, serving
from pictures import decoded, disc, encoded

TOY = {"PYTHONPATH": str(Path(__file__).parent / "toy")}


def test_its_rules_are_printed() -> None:
    """``rules`` knows the provider by name and lists it beside the others."""
    alone = json.loads(run("rules", "toy", "--format", "json", env=TOY).stdout)
    assert [rule["id"] for rule in alone] == ["toy.server.cutout"]
    together = json.loads(run("rules", "--format", "json", env=TOY).stdout)
    assert {rule["provider"] for rule in together} == {"pixian", "toy", "xty"}


def test_it_is_served() -> None:
    """``--provider`` takes its name; its operation works and its own words answer the rest."""
    with serving("--provider", "toy", env=TOY) as origin, httpx.Client(base_url=origin, trust_env=False) as client:
        done = client.post("/toy/cutouts", content=encoded(disc()), headers={"Toy-Key": "me"})
        assert decoded(done.content).mode == "RGBA"
        assert client.post("/toy/cutouts").json() == {"toy": "no key"}
        assert client.post("/toy/other").json() == {"toy": "unknown-path"}
        assert client.get("/toy/cutouts").status_code == 405
        assert client.get("/api/v2/account").status_code == 404
        assert "/toy/cutouts" in client.get("/").text


def test_it_is_served_beside_the_others() -> None:
    """Without ``--provider`` all are served, each answering unknown paths under its own claim."""
    with serving(env=TOY) as origin, httpx.Client(base_url=origin, trust_env=False) as client:
        assert client.post("/toy/other").json() == {"toy": "unknown-path"}
        assert client.post("/v1/other").json()["error"]["type"] == "invalid_request_error"
        assert client.post("/other").headers["Content-Type"].startswith("text/html")


def test_a_broken_entry_point_is_named(tmp_path: Path) -> None:
    """An entry point that leads nowhere stops the command with a sentence that names it."""
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[matteproof.providers]\nghost = no_such_module:PROVIDER\n")
    done = run("rules", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert "'ghost' = 'no_such_module:PROVIDER'" in done.stderr
    assert "Traceback" not in done.stderr
