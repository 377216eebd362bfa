"""The one exception of the evaluator."""


class Doubt(Exception):
    """The specification does not say what this case should give; the message names the rule that falls short."""
