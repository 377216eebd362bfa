"""What an attack gives: figures, each beside its bar; and the register of the attacks."""
import textwrap
from dataclasses import dataclass, field


@dataclass
class Figure:
    what: str
    value: float | str
    unit: str = ""
    bar: str = ""            # in words; empty: no bar, the figure stands for itself
    held: bool | None = None  # None: without a bar, or skipped
    detail: str = ""

    def text(self, most=1000):
        """With at most that many letters of the detail."""
        value = f"{self.value:,.{places(self.value)}f}" if isinstance(self.value, (int, float)) else str(self.value)
        return " ".join(filter(None, [value, self.unit])) + (
            f" ({textwrap.shorten(self.detail, most, placeholder=' …')})" if self.detail else "")


def places(value):
    return 0 if float(value).is_integer() or abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def below(what, value, bar, unit, detail=""):
    return Figure(what, value, unit, f"< {bar:,} {unit}", value < bar, detail)


def all_of(what, done, wanted, detail=""):
    return Figure(what, f"{done:,} of {wanted:,}", "", "all", done == wanted, detail)


def none_of(what, seen, detail=""):
    return Figure(what, seen, "", "none", seen == 0, detail)


def holds(what, held, detail="", bar="yes"):
    return Figure(what, "yes" if held else "no", "", bar, held, detail)


def shown(what, value, unit="", detail=""):
    return Figure(what, value, unit, detail=detail)


class Skip(Exception):
    """Cannot be run here, and why."""


@dataclass(eq=False)
class Attack:
    name: str
    title: str
    seconds: int  # it is given up then
    run: object = field(repr=False)


ATTACKS = []


def attack(name, title, seconds=120):
    """Registers a generator of figures: run(field) with a Field of server.py."""
    def register(run):
        ATTACKS.append(Attack(name, title, seconds, run))
        return run
    return register
