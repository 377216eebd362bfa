#!/usr/bin/env python3
"""Man pages and completions out of what the command says of itself.

  packaging/reference.py DEPUTY FOLDER     writes FOLDER/man/*.1 and FOLDER/completions/{bash,zsh,fish}

`deputy reference` prints the command line as JSON, so no option stands in two places. Standard library only."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path


def read(binary):
    # Defaults are those of somebody whose home is ~, with no settings of his own.
    environment = {"HOME": "~", "PATH": os.environ["PATH"]}
    said = subprocess.run([binary, "reference"], env=environment, capture_output=True, text=True, check=True).stdout
    version = subprocess.run([binary, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    return json.loads(said), version


def walk(command, path=()):
    """Every command with the words that lead to it."""
    path = (*path, command["name"])
    yield path, command
    for inner in command["commands"]:
        yield from walk(inner, path)


def named(command):
    return [option for option in command["options"] if option["names"]]


def positionals(command):
    return [option for option in command["options"] if "positional" in option]


# --- man pages

def roff(text):
    """Text for troff: nothing in it is a request, a hyphen stays one."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def synopsis(path, command):
    words = [f"\\fB{roff(' '.join(path))}\\fR"]
    if named(command):
        words.append("[\\fIOPTIONS\\fR]")
    words += [f"{'' if o['required'] else '['}\\fI{roff(o['positional'])}\\fR{'...' if o.get('many') else ''}"
              f"{'' if o['required'] else ']'}" for o in positionals(command)]
    if command["commands"]:
        words.append("\\fICOMMAND\\fR")
    return " ".join(words)


def option_text(option):
    head = ", ".join(f"\\fB{roff(name)}\\fR" for name in option["names"]) or f"\\fI{roff(option['positional'])}\\fR"
    if "type" in option and option["names"]:
        head += f" \\fI{roff(option['type'])}\\fR" + (" ..." if option["many"] else "")
    text = roff(option["description"]).rstrip()
    if option["choices"]:
        text += ". One of: " + roff(", ".join(option["choices"]))
    if option["default"]:
        text += f". Default: {roff(option['default'])}"
    if option["environment"]:
        text += f". Environment: {roff(option['environment'])}"
    return f".TP\n{head}\n{text}{'' if text.endswith('.') else '.'}\n"


def footer_text(footer):
    """The footer's paragraphs; what is indented stays as it is."""
    out = []
    for paragraph in footer.strip().split("\n\n"):
        lines = paragraph.split("\n")
        if lines[0].endswith(":") and all(line.startswith("  ") for line in lines[1:]):
            out.append(f".SH {roff(lines[0][:-1].upper())}\n.nf\n" + roff("\n".join(lines[1:])) + "\n.fi\n")
        else:
            out.append((".SH NOTES\n" if not any(".SH NOTES" in o for o in out) else ".PP\n") + roff(paragraph) + "\n")
    return "".join(out)


def man_page(path, command, version):
    name = "-".join(path)
    summary = command["description"].replace("\n", " ")
    text = f'.TH {name.upper()} 1 "" "deputy {version}" "User Commands"\n.SH NAME\n{roff(name)} \\- {roff(summary)}\n'
    text += f".SH SYNOPSIS\n{synopsis(path, command)}\n"
    if positionals(command):
        text += ".SH ARGUMENTS\n" + "".join(map(option_text, positionals(command)))
    text += ".SH OPTIONS\n" + "".join(map(option_text, named(command)))
    if command["commands"]:
        text += ".SH COMMANDS\n" + "".join(
            f".TP\n\\fB{roff(inner['name'])}\\fR\n{roff(inner['description'])}. See \\fB{roff(name)}\\-{roff(inner['name'])}\\fR(1).\n"
            for inner in command["commands"])
    return text + footer_text(command["footer"])


# --- completions

def quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def key(path):
    return " ".join(path[1:])


def is_path(option):
    return option.get("type") in ("FILE", "DIR")


def bash(tree):
    """One function: the words before the cursor lead to a command; its options, commands and choices are tables."""
    words, values, taking = [], [], []
    for path, command in walk(tree):
        names = [name for option in named(command) for name in option["names"]]
        words.append(f"    {quoted(key(path))}) words={quoted(' '.join([c['name'] for c in command['commands']] + names))} ;;")
        for option in named(command):
            if "type" not in option:
                continue
            for name in option["names"]:
                taking.append(name)
                what = "@files" if is_path(option) else " ".join(option["choices"])
                values.append(f"    {quoted(f'{key(path)}|{name}')}) values={quoted(what)}; return 0 ;;")
    commands = "|".join(quoted(key(path)) for path, _ in walk(tree) if len(path) > 1)
    return f"""# bash completion for deputy; made of `deputy reference` by packaging/reference.py.
_deputy_words() {{
  case "$1" in
{chr(10).join(words)}
  esac
}}
_deputy_values() {{
  case "$1|$2" in
{chr(10).join(values)}
  esac
  return 1
}}
_deputy() {{
  local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD - 1]}}" at='' i words='' values=''
  for ((i = 1; i < COMP_CWORD; i++)); do
    [ "${{COMP_WORDS[i]}}" != -- ] || return 0
    case "${{at:+$at }}${{COMP_WORDS[i]}}" in
      {commands}) at="${{at:+$at }}${{COMP_WORDS[i]}}" ;;
    esac
  done
  COMPREPLY=()
  if _deputy_values "$at" "$prev"; then
    if [ "$values" = @files ]; then compopt -o default; else COMPREPLY=($(compgen -W "$values" -- "$cur")); fi
    return 0
  fi
  _deputy_words "$at"
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  [ ${{#COMPREPLY[@]}} -gt 0 ] || compopt -o default
}}
complete -F _deputy deputy
"""


def zsh_text(text):
    return text.replace("\n", " ").replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:").replace("'", "'\\''")


def zsh(tree):
    out = ["#compdef deputy", "# zsh completion for deputy; made of `deputy reference` by packaging/reference.py.", ""]
    for path, command in reversed(list(walk(tree))):
        function = "_" + "_".join(re.sub(r"\W", "_", word) for word in path)
        lines = []
        for option in named(command):
            for name in option["names"]:
                line = f"{'*' if option.get('many') else ''}{name}[{zsh_text(option['description'])}]"
                if "type" in option:
                    action = "_files" if is_path(option) else f"({' '.join(option['choices'])})" if option["choices"] else " "
                    line += f":{zsh_text(option['type'])}:{action}"
                lines.append(f"    '{line}'")
        out.append(f"{function}() {{")
        if command["commands"]:
            inner = " ".join(f"'{c['name']}:{zsh_text(c['description'])}'" for c in command["commands"])
            cases = "\n".join(f"        {c['name']}) {function}_{re.sub(chr(92) + 'W', '_', c['name'])} ;;" for c in command["commands"])
            out += ["  local line state", "  local -a commands", f"  commands=({inner})", "  _arguments -C \\",
                    " \\\n".join([*lines, "    '1: :->command'", "    '*::argument:->rest'"]), "  case $state in",
                    "    command) _describe command commands ;;", "    rest)", "      case $words[1] in", cases, "      esac ;;",
                    "  esac"]
        else:
            out += ["  _arguments \\", " \\\n".join([*lines, "    '*:argument:_files'"])]
        out += ["}", ""]
    return "\n".join([*out, 'if [ "$funcstack[1]" = _deputy ]; then _deputy "$@"; else compdef _deputy deputy; fi', ""])


def fish(tree):
    out = ["# fish completion for deputy; made of `deputy reference` by packaging/reference.py."]
    for path, command in walk(tree):
        inside = "; and ".join(f"__fish_seen_subcommand_from {word}" for word in path[1:])
        here = "; and ".join(filter(None, [inside, f"not __fish_seen_subcommand_from {' '.join(c['name'] for c in command['commands'])}"
                                           if command["commands"] else ""]))
        when = f" -n {quoted(here)}" if here else ""
        for inner in command["commands"]:
            out.append(f"complete -c deputy -f{when} -a {inner['name']} -d {quoted(inner['description'])}")
        for option in named(command):
            flags = "".join(f" -l {n[2:]}" if n.startswith("--") else f" -s {n[1:]}" for n in option["names"])
            value = ""
            if "type" in option:
                value = " -r" if is_path(option) else f" -x -a {quoted(' '.join(option['choices']))}" if option["choices"] else " -x"
            out.append(f"complete -c deputy{when}{flags}{value} -d {quoted(option['description'].replace(chr(10), ' '))}")
    return "\n".join(out) + "\n"


def main():
    binary, folder = sys.argv[1], Path(sys.argv[2])
    tree, version = read(binary)
    (folder / "man").mkdir(parents=True, exist_ok=True)
    (folder / "completions").mkdir(exist_ok=True)
    for path, command in walk(tree):
        (folder / "man" / ("-".join(path) + ".1")).write_text(man_page(path, command, version))
    for name, make in {"bash": bash, "zsh": zsh, "fish": fish}.items():
        (folder / "completions" / name).write_text(make(tree))


if __name__ == "__main__":
    main()
