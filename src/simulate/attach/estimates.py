"""Rows that are estimates of the same, low, likely and high, or before and after, and so no amounts to be added up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from simulate.attach import words as vocabulary
from simulate.attach.cells import marked
from simulate.attach.kinds import role
from simulate.attach.rows import Row
from simulate.attach.tables import Remark
from simulate.attach.totals import Decided, Where, alike
from simulate.locale import text

_ENDS = {
    "low": r"lav(t|e(ste)?)?|min(imum|\.)?|pessimistisk\w*|worst( case)?|værst\w*|low(est)?|nedre",
    "mode": r"middel|mellem|mid|forvente(t|de)|(mest )?sandsynlig\w*|basis|central|bedste bud|(most )?likely|expected|base",
    "high": r"høj(t|e(ste)?)?|ma(ks|x)(imum|imal\w*|\.)?|optimistisk\w*|best( case)?|high(est)?|øvre",
}
_BEHIND = r"( (skøn|estimat|bud|scenari[eo]|alternativ|niveau|vurdering|grænse|estimate|case|scenario|bound))?"
_PATTERNS = {
    end: (
        re.compile(rf"(?P<of>.*?)[ ,;:(–-]+({words}){_BEHIND}\W*", re.I),
        re.compile(rf"({words}){_BEHIND}($|\W+ (?P<of>.*)|[:,] ?(?P<more>.*))", re.I),
    )
    for end, words in _ENDS.items()
}


def estimates(found: Decided, where: Where) -> list[Remark]:
    """Of each such group among the lines what is to be written. Rows that a total of the sheet adds up are no such group; what --rows says of one settles it."""
    proved = {row for total in found.totals if not total.wrong for row in total.rows}
    told = []
    for group in _groups(found):
        ends = {end: one for one in group if (end := _end(one.label)[0])}
        if len(ends) < 2 or any(one.asked for one in group) or proved >= {one.row for one in group}:
            continue
        names = ", ".join(marked(one.label) for one in group)
        kept = ends.get("mode") or next((one for one in group if not _end(one.label)[0]), None)
        each = "=%s,".join(str(one.row + 1) for one in group) + "=%s"
        kind = role(found.kinds[group[0].row])
        if kept is None:
            message = text("{names} look like a low and a high estimate of the same, which are not to be added up: write the most likely amount in one row, and the two in columns headed low and high; where each is an amount of its own: --rows {rows}",
                           names=names, rows=each.replace("%s", kind))  # fmt: skip
        else:
            skip = ",".join(f"{one.row + 1}={role('skip')}" for one in group if one is not kept)
            message = text("{names} look like low, likely and high estimates of the same, which are not to be added up: --rows {skipped} keeps the likely one, and the others belong in columns headed low and high; where each is an amount of its own: --rows {rows}",
                           names=names, skipped=skip, rows=each.replace("%s", kind))  # fmt: skip
        told.append(Remark(where(group[0]), message))
    return told


_BEFORE = re.compile(
    r"\bnuværende\b|\b(i dag|nu|før|uden)\b|\bhidtil\w*|\b(current|today|before|without|present)\b", re.I
)
_AFTER = re.compile(r"\bfremtidig\w*|\b(efter|med|nyt|nye?)\b|\bforvent\w*|\b(future|after|with|new|expected)\b", re.I)


def before_and_after(found: Decided, where: Where) -> dict[int, Remark]:
    """Row → what is to be written of a cost as it is, as it will be, and below these the difference, which is all that the case brings."""
    rows = [one for one in found.rows if one.sort in ("line", "total", "net")]
    for a, b, difference in zip(rows, rows[1:], rows[2:], strict=False):
        before, after = (a, b) if _BEFORE.search(a.label) else (b, a)
        are_costs = a.sort == b.sort == "line" and {found.kinds.get(a.row), found.kinds.get(b.row)} == {"cost"}
        is_said = _BEFORE.search(before.label) and _AFTER.search(after.label)
        if not are_costs or not is_said or any(one.asked for one in (a, b, difference)) or not any(difference.values):
            continue
        less = [x - y for x, y in zip(before.values, after.values, strict=True)]
        if any(alike(difference.values, [sign * value for value in less], 0) for sign in (1, -1)):
            each: dict[int, object] = {before.row: role("saving"), after.row: role("cost")}
            each |= {} if difference.sort == "net" else {difference.row: "total"}
            message = text("{before} and {after} are the same cost before and after, and {difference} is what they differ by: only that belongs to the case; --rows {rows} takes what is no longer paid as a saving and what is paid instead as a cost",
                           before=marked(before.label), after=marked(after.label), difference=marked(difference.label),
                           rows=",".join(f"{row + 1}={what}" for row, what in sorted(each.items())))  # fmt: skip
            return {one.row: Remark(where(a), message) for one in (a, b, difference)}
    return {}


def _end(label: str) -> tuple[str, str]:
    """Which end a row is called, and of what; of none it is the most likely."""
    said = label.strip()
    for end, patterns in _PATTERNS.items():
        for pattern in patterns:
            if found := pattern.fullmatch(said):
                parts = found.groupdict()
                return end, (parts.get("of") or parts.get("more") or "").strip(" ,;:()–-").casefold()
    return "", vocabulary.plain(said).casefold()


def _groups(found: Decided) -> list[Sequence[Row]]:
    """Lines of one kind, and between two headings or totals, that are called the same but for the end."""
    groups: dict[tuple[int, str, str], list[Row]] = {}
    for one in found.lines:
        _, of = _end(one.label)
        groups.setdefault((found.sections.get(one.row, 0), found.kinds[one.row], of), []).append(one)
    return [group for group in groups.values() if sum(bool(_end(one.label)[0]) for one in group) > 1]
