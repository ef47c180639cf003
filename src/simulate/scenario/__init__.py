"""The scenario file: schema, loading, and the problems that it can have."""

from simulate.scenario.load import load, made, of_tree, revised, tree_of, varied
from simulate.scenario.loaded import Loaded
from simulate.scenario.schema import Scenario, json_schema

__all__ = ["Loaded", "Scenario", "json_schema", "load", "made", "of_tree", "revised", "tree_of", "varied"]
