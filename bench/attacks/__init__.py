"""What bench/hostile runs: one module a family of attacks, each of which registers itself (figures.attack)."""
from . import accounts, answers, connections, disk, issuers, lists, policies, sessions, times, trail, writers, xml  # noqa: F401
