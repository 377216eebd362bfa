"""A second reading of docs/policy-evaluation.md: slow, plain, and written from that page alone.

    from evaluator import evaluate
    evaluate(case)   # -> Answer(decision="Deny", explicit=False, layer="identity")

`case` has the schema of section 0 of the page. `Doubt` is raised where the page leaves the answer open, or where a
document would not have been accepted on write: such a case proves nothing, whatever the engine says about it.
"""

from evaluator.decision import Answer, decide, evaluate, prepare
from evaluator.doubt import Doubt

__all__ = ["Answer", "Doubt", "decide", "evaluate", "prepare"]
