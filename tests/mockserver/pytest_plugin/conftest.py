"""Small projects whose tests use the plugin, each run by a pytest of its own within this one."""

from __future__ import annotations

import pytest

from serving import PICTURE

CLIENT = '''
import time
import httpx

def remove(url, auth, picture, first=5):
    """Ask Pixian at *url* to remove the background of *picture*."""
    with httpx.Client(timeout=30) as client:
        for wait in range(1, 6):
            form = {"files": {"image": ("p.png", picture)}, "data": {"test": "true"}, "auth": auth}
            answer = client.post(url + "/api/v2/remove-background", **form)
            if answer.status_code != 429:
                return answer
            time.sleep(first * wait)
'''
"""A client as people write it."""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """Return a project with a client, a picture, and no options of this suite."""
    pytester.makepyfile(client=CLIENT)
    (pytester.path / "picture.png").write_bytes(PICTURE)
    pytester.makeini(
        """
        [pytest]
        addopts = -p no:randomly -p no:cacheprovider --strict-markers
        asyncio_default_fixture_loop_scope = function
        """
    )
    pytester.makeconftest(
        """
        import pathlib
        import pytest

        @pytest.fixture
        def picture():
            return (pathlib.Path(__file__).parent / "picture.png").read_bytes()
        """
    )
    return pytester
