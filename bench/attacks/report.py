"""The figures of one or several binaries side by side: for people, as JSON, and for docs/performance.md."""
import json


def rows(results):
    """[(attack, what, bar, [Figure or None of each binary])], in the order in which they came."""
    binaries, table = list(results), {}
    for i, binary in enumerate(binaries):
        for attack, figures in results[binary].items():
            for figure in figures:
                row = table.setdefault((attack.name, figure.what), [attack, figure.what, "", [None] * len(binaries)])
                row[2] = row[2] or figure.bar
                row[3][i] = figure
    order = {attack.name: n for found in results.values() for n, attack in enumerate(found)}
    return sorted(table.values(), key=lambda row: order[row[0].name])


def cell(figure):
    if figure is None:
        return ""
    return figure.text() + ("" if figure.held is not False else "  MISSED")


def people(results):
    lines, last = [], None
    for attack, what, bar, figures in rows(results):
        if attack is not last:
            lines.append(f"\n{attack.name}: {attack.title}")
        last = attack
        lines.append(f"  {what}" + (f"; bar: {bar}" if bar else ""))
        for binary, figure in zip(results, figures):
            lines.append(f"    {binary}: {cell(figure)}")
    return "\n".join(lines)


def as_json(results):
    return json.dumps([{"attack": attack.name, "title": attack.title, "figure": what, "bar": bar, "values": {
        binary: figure and {"value": figure.value, "unit": figure.unit, "held": figure.held, "detail": figure.detail}
        for binary, figure in zip(results, figures)}} for attack, what, bar, figures in rows(results)], indent=1)


def markdown(results):
    """The first binary is `before`, the last of several `now`."""
    lines, last = ["| attack | before | now | bar |", "| --- | --- | --- | --- |"], None
    for attack, what, bar, figures in rows(results):
        cells = [figure.text(60) if figure else "" for figure in figures]
        name = f"**{attack.title}**: {what}" if attack is not last else what
        last = attack
        lines.append(f"| {name} | {cells[0]} | {cells[-1] if len(cells) > 1 else ''} | {bar} |")
    return "\n".join(lines)
