"""From a request that a provider refuses to the nearest one that it accepts, and what was changed on the way.

Nothing here knows a provider. What may be sent is read from its OpenAPI document, and whether something is right is
asked of its behaviour: of every change that is tried, only those stay after which less is wrong.
"""

from __future__ import annotations

from mockserver.mending.address import aimed
from mockserver.mending.body import draft_of
from mockserver.mending.change import Change, Mended
from mockserver.mending.content import contents_of
from mockserver.mending.repair import repaired

__all__ = ["Change", "Mended", "aimed", "contents_of", "draft_of", "repaired"]
