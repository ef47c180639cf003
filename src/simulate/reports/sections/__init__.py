"""The sections of a report, a module for each: `lines(report, scenario)` gives its content."""
