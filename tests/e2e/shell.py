"""Which commands does a shell script call? Enough of bash's grammar to tell a command from its arguments.

    scan(text)        the names in command position, and the functions that the script defines; what it makes from
                      variables is not seen
    outside(text)     of those names what is neither a function of the script's nor a part of bash

What it follows: lists, pipes, groups, keywords, substitutions, here-documents (skipped), `case` and `[[ ]]`; commands whose
arguments are a command (PREFIXES), and scripts within scripts (`bash -c '…'`, `deputy workload … -- COMMAND`).
"""
import functools
import re
import subprocess

# Runs what follows it: after so many words of its own (options and assignments never count).
PREFIXES = {"exec": 0, "command": 0, "env": 0, "nohup": 0, "as_root": 0, "step": 1, "xargs": 0}
OPTIONS_WITH_VALUE = {"xargs": {"-P", "-n", "-I", "-L"}}
AFTER_DASHES = {"deputy", "sudo"}  # run what follows `--`
OPENING = {"if", "then", "elif", "else", "while", "until", "do", "!", "{", "time"}
CLOSING = {"fi", "done", "esac", "}"}


class Scanner:
    def __init__(self, text):
        self.text, self.at, self.found, self.functions = text, 0, set(), set()
        self.backquoted = False

    def commands(self, until=None):
        """Reads a list of commands up to the character `until` (or the end)."""
        words = []  # of the command that is being read
        while self.at < len(self.text):
            c = self.text[self.at]
            if c == until:
                break
            if c == "#":
                self.skip_to("\n")
            elif self.text.startswith("\\\n", self.at):
                self.at += 2
            elif c in " \t":
                self.at += 1
            elif c in "<>" or re.match(r"\d*[<>]|&>", self.text[self.at:self.at + 4]):
                self.redirection()
            elif c in "\n;&|()":
                if c == "(" and len(words) == 1 and re.match(r"\(\s*\)", self.text[self.at:]):
                    self.functions.add(words.pop())
                    self.skip_to(")")
                elif self.text.startswith("((", self.at) and words in ([], ["for"]):
                    self.skip_past("))")
                    continue
                else:
                    self.end_of_command(words)
                    words = []
                    if self.text.startswith(";;", self.at):
                        self.at += 2
                        self.pattern()
                        continue
                self.at += 1
            else:
                word = self.word()
                if not words and word in OPENING:
                    continue
                if not words and word == "case":
                    self.word_after_blanks(), self.word_after_blanks()  # WORD in
                    self.pattern()
                elif not words and word == "[[":
                    self.skip_past("]]")
                elif not words and word in CLOSING:
                    pass
                elif not words and word in ("for", "select", "function"):
                    words = ["for"]
                else:
                    words.append(word)
        self.end_of_command(words)

    def end_of_command(self, words):
        words = [w for w in words if w != ""]
        while words and words[0] is not None and re.match(r"\w+(\[[^]]*\])?\+?=", words[0]):
            words.pop(0)
        if not words or words[0] is None or words[0] == "for":
            return
        name, arguments = words[0], words[1:]
        if name == "command" and arguments[:1] in (["-v"], ["-V"]):
            return
        self.found.add(name)
        if name in PREFIXES:
            self.end_of_command(self.behind(name, arguments))
        if name.rsplit("/", 1)[-1] in AFTER_DASHES and "--" in arguments:
            self.end_of_command(arguments[arguments.index("--") + 1:])
        if name in ("bash", "sh"):
            script = next((b for a, b in zip(arguments, arguments[1:]) if a and re.fullmatch(r"-\w*c", a)), None)
            self.inner(script or "")
        if name == "trap" and arguments:
            self.inner(arguments[0] or "")

    def behind(self, name, arguments):
        left = PREFIXES[name]
        while arguments:
            word = arguments[0]
            if word in OPTIONS_WITH_VALUE.get(name, ()):
                arguments = arguments[2:]
            elif word is not None and (word.startswith("-") or re.match(r"\w+=", word)):
                arguments = arguments[1:]
            elif left:
                left, arguments = left - 1, arguments[1:]
            else:
                break
        return arguments

    def inner(self, script):
        inside = Scanner(script)
        inside.commands()
        self.found |= inside.found
        self.functions |= inside.functions

    def pattern(self):
        """`one|other)` of a `case`, if another one comes."""
        before = self.at
        if self.word_after_blanks() == "esac":
            self.at = before
        else:
            while self.at < len(self.text) and self.text[self.at] != ")":
                self.at += 1
                self.word()
            self.at += 1

    def skip_to(self, end):
        where = self.text.find(end, self.at)
        self.at = len(self.text) if where < 0 else where

    def skip_past(self, end):
        self.skip_to(end)
        self.at = min(self.at + len(end), len(self.text))

    def word_after_blanks(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n":
            self.at += 1
        return self.word()

    def word(self):
        """A word without its quotes; None if what it is depends on a variable. `name=( … )` is one word, too."""
        literal, parts = True, []
        while self.at < len(self.text):
            c = self.text[self.at]
            if c in " \t\n;&|)" or (c == "`" and self.backquoted) or (c in "<>" and not self.text.startswith(("<(", ">("), self.at)):
                break
            if c == "(":
                if not (parts and parts[-1].endswith("=")):
                    break
                self.at += 1
                while self.at < len(self.text) and self.text[self.at] != ")":
                    if self.text[self.at] in " \t\n":
                        self.at += 1
                    else:
                        self.word()
                self.at += 1
            elif c == "'":
                end = self.text.find("'", self.at + 1)
                end = len(self.text) if end < 0 else end
                parts.append(self.text[self.at + 1:end])
                self.at = end + 1
            elif c == '"':
                literal &= self.double_quoted(parts)
            elif c in "$`" or self.text.startswith(("<(", ">("), self.at):
                literal &= self.expansion(parts)
            elif c == "\\":
                parts.append(self.text[self.at + 1:self.at + 2].strip("\n"))
                self.at += 2
            else:
                parts.append(c)
                self.at += 1
        said = "".join(parts)
        return said if literal or re.match(r"\w+\+?=|-", said) else None

    def double_quoted(self, parts):
        literal = True
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            c = self.text[self.at]
            if c in "$`":
                literal &= self.expansion(parts)
            elif c == "\\":
                parts.append(self.text[self.at + 1:self.at + 2])
                self.at += 2
            else:
                parts.append(c)
                self.at += 1
        self.at += 1
        return literal

    def expansion(self, parts):
        """At `$`, a backquote or `<(`: reads the commands inside. True if it was a mere `$` or $'…'."""
        rest = self.text[self.at:self.at + 3]
        if rest.startswith("$'"):
            end = re.compile(r"(?:[^'\\]|\\.)*'", re.S).match(self.text, self.at + 2).end()
            parts.append(self.text[self.at + 2:end - 1])
            self.at = end
            return True
        if rest.startswith("$(("):
            self.skip_past("))")
        elif rest[:2] in ("$(", "<(", ">("):
            self.at += 2
            self.commands(until=")")
            self.at += 1
        elif rest.startswith("`"):
            self.at, self.backquoted = self.at + 1, True
            self.commands(until="`")
            self.at, self.backquoted = self.at + 1, False
        elif rest.startswith("${"):
            depth, self.at = 1, self.at + 2
            while self.at < len(self.text) and depth:
                if self.text[self.at] == "\\":
                    self.at += 1
                elif self.text.startswith("$(", self.at):
                    self.expansion([])
                    continue
                depth += {"{": 1, "}": -1}.get(self.text[self.at:self.at + 1], 0)
                self.at += 1
        elif name := re.compile(r"\$(\w+|[@*#?$!-])").match(self.text, self.at):
            self.at = name.end()
        else:
            parts.append("$")
            self.at += 1
            return True
        return False

    def redirection(self):
        sign = re.compile(r"\d*(<<<|<<-?|[<>]&|>>|<>|>\||[<>])|&>>?").match(self.text, self.at)
        if self.text.startswith(("<(", ">("), self.at):
            self.word()
            return
        self.at = sign.end()
        target = self.word_after_blanks()
        if sign.group().lstrip("0123456789") in ("<<", "<<-") and target:
            end = re.compile(rf"^\t*{re.escape(target)}$", re.M).search(self.text, self.at)
            if end:  # what stands on the rest of this line still counts
                line = self.text.find("\n", self.at)
                self.text = self.text[:line] + "\n" + self.text[end.end():]


def scan(text):
    scanner = Scanner(text)
    scanner.commands()
    return {name for name in scanner.found if re.fullmatch(r"[\w.+/-]+|\[", name)}, scanner.functions


@functools.cache
def builtins():
    return frozenset(subprocess.run(["bash", "-c", "compgen -b; compgen -k"], capture_output=True, text=True).stdout.split())


def outside(text, functions=frozenset()):
    called, defined = scan(text)
    return called - defined - functions - builtins()
