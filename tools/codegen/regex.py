"""Compiles the regular expressions of the models (Java syntax, whole text) into deterministic automata.

What is understood: literals, classes with ranges and negation, \\d \\w \\s and their complements, \\p{L} \\p{Z} \\p{N},
\\uXXXX and \\xXX (exactly four and two digits, as Java reads them), '.', groups, alternation, greedy quantifiers, ^ and $, and a negative
lookahead of one character. Anything else is an error, so that a new model cannot slip in a pattern we misread.
"""
import functools
import sys
import unicodedata

LAST = 0x10FFFF
MOST_STATES = 4000
DIGIT = ((0x30, 0x39),)
WORD = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE = ((0x09, 0x0D), (0x20, 0x20))
LINE_ENDS = ((0x0A, 0x0A), (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029))


def merge(ranges):
    out = []
    for first, last in sorted(ranges):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return tuple(out)


def complement(ranges):
    out, at = [], 0
    for first, last in merge(ranges):
        if first > at:
            out.append((at, first - 1))
        at = last + 1
    if at <= LAST:
        out.append((at, LAST))
    return tuple(out)


@functools.lru_cache(None)
def category(letter):
    """All code points of a general category, by its first letter."""
    out, start = [], None
    for c in range(LAST + 2):
        inside = c <= LAST and unicodedata.category(chr(c))[0] == letter
        if inside and start is None:
            start = c
        elif not inside and start is not None:
            out.append((start, c - 1))
            start = None
    return tuple(out)


class Parser:
    """Text to a tree: ('set', ranges), ('cat', [..]), ('or', [..]), ('rep', node, least, most), ('begin',), ('end',),
    ('not', ranges)."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def fail(self, why):
        raise ValueError('pattern %r: %s at %d' % (self.text, why, self.at))

    def peek(self):
        return self.text[self.at] if self.at < len(self.text) else ''

    def take(self, expected=None):
        c = self.peek()
        if not c or (expected and c != expected):
            self.fail('expected %s' % (expected or 'a character'))
        self.at += 1
        return c

    def parse(self):
        node = self.alternatives()
        if self.peek():
            self.fail('unexpected %r' % self.peek())
        return node

    def alternatives(self):
        options = [self.sequence()]
        while self.peek() == '|':
            self.take()
            options.append(self.sequence())
        return options[0] if len(options) == 1 else ('or', options)

    def sequence(self):
        items = []
        while self.peek() and self.peek() not in '|)':
            items.append(self.quantified())
        return ('cat', items)

    def quantified(self):
        node = self.atom()
        while self.peek() and self.peek() in '*+?{':
            c = self.take()
            least, most = {'*': (0, None), '+': (1, None), '?': (0, 1)}.get(c) or self.counts()
            if self.peek() and self.peek() in '+?' and node[0] != 'set':
                self.fail('lazy or possessive quantifier')
            node = ('rep', node, least, most)
        return node

    def counts(self):
        end = self.text.index('}', self.at)
        least, comma, most = self.text[self.at:end].partition(',')
        self.at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def atom(self):
        c = self.take()
        if c == '(':
            if self.text.startswith('?!', self.at):
                self.at += 2
                node = self.atom()
                self.take(')')
                if node[0] != 'set':
                    self.fail('lookahead of more than one character')
                return ('not', node[1])
            if self.text.startswith('?:', self.at):
                self.at += 2
            elif self.peek() == '?':
                self.fail('unknown group')
            node = self.alternatives()
            self.take(')')
            return node
        if c == '[':
            return ('set', self.klass())
        if c == '^':
            return ('begin',)
        if c == '$':
            return ('end',)
        if c == '.':
            return ('set', complement(LINE_ENDS))
        if c == '\\':
            return ('set', self.escape())
        if c in '*+?{})]':
            self.fail('unexpected %r' % c)
        return ('set', ((ord(c), ord(c)),))

    def escape(self):
        c = self.take()
        simple = {'d': DIGIT, 'w': WORD, 's': SPACE, 'D': complement(DIGIT), 'W': complement(WORD),
                  'S': complement(SPACE)}
        if c in simple:
            return simple[c]
        if c == 'p':
            self.take('{')
            letter = self.take()
            self.take('}')
            return category(letter)
        if c == 'u':
            digits = self.text[self.at:self.at + 4]
            self.at += 4
            return ((int(digits, 16),) * 2,)
        if c == 'x':
            digits = self.text[self.at:self.at + 2]
            self.at += 2
            return ((int(digits, 16),) * 2,)
        controls = {'t': 9, 'n': 10, 'r': 13}
        if c in controls:
            return ((controls[c],) * 2,)
        if c.isalnum():
            self.fail('unknown escape')
        return ((ord(c), ord(c)),)

    def klass(self):
        negated = self.peek() == '^'
        if negated:
            self.take()
        out = []
        while True:
            c = self.take()
            if c == ']':
                break
            if c == '[' or self.text.startswith('&&', self.at):
                self.fail('nested class')
            first = self.escape() if c == '\\' else ((ord(c), ord(c)),)
            single = len(first) == 1 and first[0][0] == first[0][1]
            if single and self.peek() == '-' and self.text[self.at + 1:self.at + 2] not in (']', ''):
                self.take()
                c = self.take()
                last = self.escape() if c == '\\' else ((ord(c), ord(c)),)
                if len(last) != 1 or last[0][0] != last[0][1] or last[0][0] < first[0][0]:
                    self.fail('bad range')
                out.append((first[0][0], last[0][0]))
            else:
                out += first
        return complement(out) if negated else merge(out)


class Nfa:
    def __init__(self, tree):
        self.moves, self.jumps = [], []  # moves: state -> [(set, to)]; jumps: state -> [(kind, argument, to)]
        self.start, self.end = self.state(), self.state()
        self.build(tree, self.start, self.end)

    def state(self):
        self.moves.append([])
        self.jumps.append([])
        return len(self.moves) - 1

    def build(self, node, a, b):
        kind = node[0]
        if kind == 'set':
            self.moves[a].append((node[1], b))
        elif kind == 'cat':
            for item in node[1]:
                mid = self.state()
                self.build(item, a, mid)
                a = mid
            self.jumps[a].append(('', None, b))
        elif kind == 'or':
            for item in node[1]:
                self.build(item, a, b)
        elif kind == 'rep':
            self.repeat(node[1], node[2], node[3], a, b)
        else:
            self.jumps[a].append((kind, node[1] if kind == 'not' else None, b))

    def repeat(self, item, least, most, a, b):
        for _ in range(least):
            mid = self.state()
            self.build(item, a, mid)
            a = mid
        if most is None:
            loop = self.state()
            self.jumps[a].append(('', None, loop))
            self.build(item, loop, loop)
            self.jumps[loop].append(('', None, b))
            return
        for _ in range(most - least):
            self.jumps[a].append(('', None, b))
            mid = self.state()
            self.build(item, a, mid)
            a = mid
        self.jumps[a].append(('', None, b))


def partition(sets):
    """Splits all code points into the fewest classes that no set cuts: (boundaries [(first, class)], set -> classes)."""
    cuts = sorted({0} | {f for s in sets for f, _ in s} | {t + 1 for s in sets for _, t in s if t < LAST})
    numbers, boundaries, members = {}, [], {s: set() for s in sets}
    cursors = {s: 0 for s in sets}
    for cut in cuts:
        signature = []
        for s in sets:
            while cursors[s] < len(s) and s[cursors[s]][1] < cut:
                cursors[s] += 1
            signature.append(cursors[s] < len(s) and s[cursors[s]][0] <= cut)
        number = numbers.setdefault(tuple(signature), len(numbers))
        for s, inside in zip(sets, signature):
            if inside:
                members[s].add(number)
        if not boundaries or boundaries[-1][1] != number:
            boundaries.append((cut, number))
    return boundaries, {s: frozenset(c) for s, c in members.items()}, len(numbers)


class Automaton:
    """boundaries: [(first code point, class)]; next: rows of states; accepts: by state. 0 is the dead state, 1 the start."""

    def __init__(self, text):
        self.text = text
        nfa = Nfa(Parser(text).parse())
        sets = sorted({s for moves in nfa.moves for s, _ in moves} |
                      {arg for jumps in nfa.jumps for kind, arg, _ in jumps if kind == 'not'})
        self.boundaries, classes, self.classes = partition(sets)
        everything = frozenset(range(self.classes))

        def closure(items, at_begin):
            seen, todo = set(items), list(items)
            while todo:
                state, forbidden = todo.pop()
                for kind, arg, to in nfa.jumps[state]:
                    if kind == 'begin' and not at_begin:
                        continue
                    more = {'not': classes.get(arg), 'end': everything}.get(kind, frozenset())
                    item = (to, forbidden | more)
                    if item not in seen:
                        seen.add(item)
                        todo.append(item)
            return frozenset(seen)

        none = frozenset()
        start = closure({(nfa.start, none)}, True)
        numbers, queue = {frozenset(): 0, start: 1}, [start]
        self.next = [[0] * self.classes]
        self.accepts = [False]
        for items in queue:
            row = []
            for c in range(self.classes):
                moved = {(to, none) for state, forbidden in items if c not in forbidden
                         for s, to in nfa.moves[state] if c in classes[s]}
                target = closure(moved, False) if moved else frozenset()
                if target not in numbers:
                    numbers[target] = len(numbers)
                    queue.append(target)
                row.append(numbers[target])
            self.next.append(row)
            self.accepts.append(any(state == nfa.end for state, _ in items))
            if len(numbers) > MOST_STATES:
                raise ValueError('pattern %r: over %d states' % (text, MOST_STATES))
        self.minimize()

    def minimize(self):
        """Moore's partition refinement; keeps 0 dead and 1 the start."""
        block = [1 if a else 0 for a in self.accepts]
        while True:
            keys = {}
            refined = [keys.setdefault((block[s], tuple(block[t] for t in row)), len(keys))
                       for s, row in enumerate(self.next)]
            if len(set(refined)) == len(set(block)):
                break
            block = refined
        if block[0] == block[1]:
            raise ValueError('pattern %r: matches nothing' % self.text)
        order = {block[0]: 0, block[1]: 1}
        for b in block:
            order.setdefault(b, len(order))
        rows, accepts = [None] * len(order), [False] * len(order)
        for state, row in enumerate(self.next):
            rows[order[block[state]]] = [order[block[t]] for t in row]
            accepts[order[block[state]]] = self.accepts[state]
        self.next, self.accepts = rows, accepts

    def class_of(self, code):
        number = 0
        for first, c in self.boundaries:
            if first > code:
                break
            number = c
        return number

    def matches(self, text):
        state = 1
        for c in text:
            state = self.next[state][self.class_of(ord(c))]
        return self.accepts[state]


if __name__ == '__main__':  # regex.py PATTERN TEXT: does it match?
    print(Automaton(sys.argv[1]).matches(sys.argv[2]))
