"""`simulate update`, as a plain function."""

from __future__ import annotations

from simulate.cli.common import CommonOptions, aside, working

KEEP = 1000  # courses: a chance of one half is then known within some 3 points
MOST = 1 << 18


def update(scenario: str, common: CommonOptions, *, keep: int | None, max_draws: int | None) -> None:
    """What has been seen so far changes the assumptions and the years to come."""
    common.check(keep=keep, max_draws=max_draws)
    loaded = common.load(scenario)
    options = common.options(loaded, plain=True)
    with working(options.engine) as shown:
        from simulate.engine import Case
        from simulate.studies import update as study

        found = study.update(Case.of(loaded.scenario), options, keep or KEEP, max_draws or MOST, shown, aside)
    from simulate.reports import update as report

    document = report.document(found, loaded)
    common.answer(document, report.lines(document, loaded.scenario), document["warnings"], [loaded.scenario])
