"""Random cases in the schema of the vectors, biased towards the edges of docs/policy-evaluation.md.

    for scene in scenes(rng): for request in scene.requests: …

A scene is one set of policies and several requests against it. The requests come from one story (who, does what, to
which resource), the policies are written so that they mostly fit that story, and then both are bent: a case is
interesting where it almost matches.
"""

from generator.scenes import scene

__all__ = ["scene"]
