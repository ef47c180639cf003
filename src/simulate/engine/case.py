"""A checked scenario, made ready once, that can be run again: with other numbers, held at values, drawn otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from simulate.engine.result import Result
from simulate.engine.samples import Samples
from simulate.engine.work import Work
from simulate.errors import InputError
from simulate.locale import text
from simulate.model import Model
from simulate.options import Options, Progress
from simulate.pace import Pace
from simulate.sampling import Layout, Sampler, Values
from simulate.scenario import Loaded, Scenario, adjustable, paths, queries, tree_of, varied
from simulate.scenario.expressions import Name
from simulate.scenario.values import Value, suggestion


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario's structure, how its assumptions are drawn, what it was loaded from, and its file's tree."""

    model: Model
    sampler: Sampler
    loaded: Loaded
    tree: dict[str, Any]

    @classmethod
    def of(cls, given: Loaded | Scenario) -> Self:
        """As it was loaded; its text is read once. A scenario alone has no text."""
        loaded = Loaded(given, "", "", "") if isinstance(given, Scenario) else given
        return cls(Model(loaded.scenario), Sampler(loaded.scenario), loaded, tree_of(loaded))

    def __reduce__(self) -> tuple[Callable[..., Case], tuple[Any, ...]]:
        """For another process: what it is made of. From which other case it was made is not told."""
        return _made_again, (self.loaded, self.scenario, self.tree, self.sampler.layout, self.sampler.fixed)

    @property
    def scenario(self) -> Scenario:
        return self.model.scenario

    def with_(self, numbers: Mapping[str, Any]) -> Self:
        """The case with other numbers, by the names of assumptions and by paths; without reading text.

        The same as the file with `--set` of each, to the last bit: an uncertain assumption is held at its number, and the others keep their
        draws. Raises ScenarioError and InputError as load() does for a file.
        """
        numbers = adjustable.by_name(numbers, '{"relapse": 0.1}')
        numbers = {name: adjustable.as_written(value) for name, value in numbers.items()}
        if self.sampler.held():
            return self.written().with_(numbers)
        scenario, tree = varied(self.loaded, self.scenario, self.tree, numbers)
        told = tuple(adjustable.change(name, value) for name, value in numbers.items())
        loaded = replace(self.loaded, changes=(*self.loaded.changes, *told))
        return replace(self.as_scenario(scenario), tree=tree, loaded=loaded)

    def written(self) -> Self:
        """The same, but what is held stands in the scenario, as with_() has it: what is made of the scenario alone knows of it.

        Raises as with_().
        """
        held = {name: values.ravel().tolist() for name, values in self.sampler.held().items()}
        free = replace(self, sampler=Sampler(self.scenario))
        return free.with_({name: one[0] if len(one) == 1 else one for name, one in held.items()}) if held else free

    def as_scenario(self, scenario: Scenario) -> Self:
        """With another scenario, which draws its own assumptions."""
        return replace(self, model=self.model.over(scenario), sampler=Sampler(scenario, like=self.sampler))

    def held(self, values: Mapping[str, ArrayLike]) -> Self:
        """With assumptions at these values, or one of each year, in every draw; the others are drawn as they were.

        As with_(), but nothing is checked again: what is impossible is cut back, and counted. Raises InputError for a name that is none.
        """
        unknown = next((name for name in values if name not in self.scenario.assumptions), None)
        if unknown is not None:
            wrong = text("no assumption is called {name}", name=f'"{unknown}"')
            raise InputError(f"{wrong}{suggestion(unknown, self.scenario.assumptions)}")
        arrays = {name: np.atleast_2d(np.asarray(value, dtype=np.float64)) for name, value in values.items()}
        return replace(self, sampler=self.sampler.holding(arrays))

    def certain(self) -> Self:
        """With every assumption at its value: luck alone is left."""
        return replace(self, sampler=Sampler(self.scenario, Layout({}, 0), self.sampler.fixed))

    def work(self, options: Options, samples: Samples | None = None, again: bool = False) -> Work:
        """A run of it, to be made. samples: lives of other runs with the same options, which are not lived again where they are the same.
        again: whether it is to tell of other prices, too."""
        return Work.of(self.model, options, self.sampler, samples, again)

    def result(
        self,
        options: Options,
        progress: Progress | None = None,
        pace: Pace | None = None,
        samples: Samples | None = None,
    ) -> Result:
        """As Work.run()."""
        return self.work(options, samples).run(progress, pace or Pace())

    def certain_number(self, path: str) -> float | tuple[float, ...] | None:
        """What this number is in every draw, an assumption by name or a number by path; None where draws make it, or no number stands there. A factor
        that does not stand there is 1."""
        named = (path,) if path in self.scenario.assumptions else paths.resolved(path, self.tree)
        value: Value | None
        if named[0] == "assumptions" and named[2:] == ("scale",):
            one = self.scenario.assumptions[str(named[1])]
            value = None if one.uncertainty is None else 1.0 if one.scale is None else float(one.scale)
        elif len(named) == 1:
            one = self.scenario.assumptions[path]
            fixed = queries.roots(Name(path), self.scenario) & self.sampler.fixed.keys()
            value = None if fixed or not queries.is_certain(Name(path), self.scenario) else one.value
        else:
            value = next((use.value for use in queries.uses(self.scenario) if use.path == named), None)
        return None if value is None or any(queries.names_in(value)) else value  # type: ignore[return-value]

    def drives_lives(self, path: str) -> bool:
        """Whether lives hang on this number, an assumption by name or a number by path; else only money does.

        Raises InputError for a path that leads nowhere.
        """
        named = (path,) if path in self.scenario.assumptions else paths.resolved(path, self.tree)
        if len(named) == 1 or named[0] == "assumptions":
            return named[:2][-1] in queries.driving_lives(self.scenario)
        return queries.is_of_lives(named)


def _made_again(loaded: Loaded, scenario: Scenario, tree: dict[str, Any], layout: Layout, fixed: Values) -> Case:
    return Case(Model(scenario), Sampler(scenario, layout, fixed), loaded, tree)


def run(scenario: Scenario, options: Options, progress: Progress | None = None, pace: Pace | None = None) -> Result:
    """A scenario's case, run. Raises ResourceError, before it starts or soon after, where this machine could not."""
    return Case.of(scenario).result(options, progress, pace)
