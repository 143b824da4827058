"""The actions of the war room, each a composition of the verbs of Incident Manager.

An action is an async function of a `Request` and its arguments; `perform` finds it, checks the caller's role
and the arguments, and tells errors in the words of `CommandError`.
"""

from __future__ import annotations

from warroom.adapter.actions.perform import perform, permitted

__all__ = ["perform", "permitted"]
