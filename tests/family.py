"""A family whose every chance is known by hand: an adult who may leave a job, and a child whose placement hangs on it."""

from typing import Any

import numpy as np

MONTHS = 12
PLACED, BENEFIT = 40_000, 15_000  # kroner a month
LEAVES = {"baseline": 0.1, "programme": 0.02}  # chances a month
RISK = 0.4  # a year, in which nobody is in a job


def family(times: float | str | None, *, cost: float = 0, **more: Any) -> dict:
    """One family that is present, over one year. times: None where the child hangs on nobody."""
    placed: dict[str, Any] = {"from": "home", "to": "placed", "yearly": RISK}
    if times is not None:
        placed["when"] = {"role": "adult", "state": "job", "times": times}
    left = {"from": "job", "to": "benefit", "monthly": dict(LEAVES)}
    return {
        "format": 1,
        "title": "A parent and a child",
        "language": "en",
        "time": {"first_year": 2027, "years": 1},
        "families": {"f": {"present": 1, "members": {"adult": 1, "child": 1}}},
        "roles": {
            "adult": {"start": "job", "states": {"job": {}, "benefit": {"monthly": BENEFIT}}, "moves": [left]},
            "child": {"start": "home", "states": {"home": {}, "placed": {"monthly": PLACED}}, "moves": [placed]},
        },
        "costs": [{"label": "team", "yearly": cost}] if cost else [],
        **more,
    }


def together(arm: str, times: float, leaves: float | None = None) -> np.ndarray:
    """(month the adult leaves in, month the child is placed in) chances; 12: never. The hazard is that of the month's middle, in which the adult has left."""
    leaves, hazard = LEAVES[arm] if leaves is None else leaves, -np.log(1 - RISK) / MONTHS
    found = np.zeros((MONTHS + 1, MONTHS + 1))
    for left in range(MONTHS + 1):
        at_home = (1 - leaves) ** MONTHS if left == MONTHS else leaves * (1 - leaves) ** left
        for month in range(MONTHS):
            stays = np.exp(-hazard * (times if month < left else 1))
            found[left, month] = at_home * (1 - stays)
            at_home *= stays
        found[left, MONTHS] = at_home
    return found


def spent() -> np.ndarray:
    """(left, placed) kroner of the year."""
    months = np.append(MONTHS - 0.5 - np.arange(MONTHS), 0)
    return np.asarray(BENEFIT * months[:, None] + PLACED * months[None])


def saved(times: float) -> float:
    """The expected saving, DKK."""
    return float(((together("baseline", times) - together("programme", times)) * spent()).sum())


def chance_of(at_least: float, times: float, leaves: float | None = None) -> float:
    """That so much is saved, with luck of its own in life without the programme. leaves: the chance a month to leave the job in the programme."""
    kroner = spent().ravel()
    own, others = together("programme", times, leaves).ravel(), together("baseline", times).ravel()
    return float(own @ (kroner[None] - kroner[:, None] >= at_least - 1e-6) @ others)


def chance_if_at_home(at_least: float, times: float) -> tuple[float, float]:
    """That the child is never placed in the programme, and that so much is saved where it is not."""
    kroner, own = spent(), together("programme", times)[:, MONTHS]
    others = together("baseline", times).ravel()
    reached = kroner.ravel()[None] - kroner[:, MONTHS, None] >= at_least - 1e-6
    return float(own.sum()), float(own @ reached @ others / own.sum())
