"""The option parser in the user's language: `--help`, and what is wrong with a command line.

Everything that a person reads is written here, from what the parser knows of its options, so that its own words, which are English and
differ from version to version, are never shown. Help texts are marked with `locale.later` where they stand, and translated when shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from simulate import locale
from simulate.locale import text

errors = sys.modules[typer.BadParameter.__module__]  # of the parser that typer brings or depends on
HELP = locale.later("Show this help and exit.")


def one_of(choices: type[Enum]) -> dict[str, Any]:
    """What typer.Option takes for an option with few words to choose from."""
    words = [str(one.value) for one in choices]

    def read(given: str) -> Enum:
        if given in words:  # a default is one already
            return choices(given)
        raise typer.BadParameter(text("{given} is none of {words}", given=given, words=", ".join(words)))

    return {"parser": read, "metavar": "|".join(words)}


class Command(TyperCommand):
    """A command whose help and errors are in the language in force."""

    allow_extra_args = True  # to refuse them in our own words

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        with _in(ctx):
            rest: list[str] = super().parse_args(ctx, args)
        if rest:
            ctx.fail(text("Too many arguments: {given}", given=" ".join(rest)))
        return rest

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _usage(self, ctx, formatter, [])

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _about(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _lists(self, ctx, formatter)


class Group(TyperGroup):
    """The commands together."""

    def main(self, args: Sequence[str] | None = None, *given: Any, **more: Any) -> NoReturn:
        """Ends the process: 0 done, 2 a command line that cannot be understood, 130 interrupted."""
        locale.use(_asked_for(sys.argv[1:] if args is None else args) or locale.of_user())
        try:
            code = super().main(args, *given, **{**more, "standalone_mode": False})
        except errors.UsageError as error:
            print(_wrong(error), file=sys.stderr)
            code = 2
        sys.exit(code or 0)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args == ["--"]:
            print(ctx.get_help(), file=sys.stderr)
            raise typer.Exit(2)
        with _in(ctx):
            rest: list[str] = super().parse_args(ctx, args)
        return rest

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands:
            ctx.fail(text("No such command: {name}", name=args[0]) + _suggestion(args[0], list(self.commands)))
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        _usage(self, ctx, formatter, [text("COMMAND [ARGUMENTS]...")])

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        _about(self, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _lists(self, ctx, formatter)
        with formatter.section(text("Commands")):
            formatter.write_dl([(name, text(str(command.help))) for name, command in self.commands.items()])


def _asked_for(args: Sequence[str]) -> locale.Language | None:
    """The language that --lang names, before the options are read: what is wrong with them is told in it."""
    found: locale.Language | None = None
    for option, value in zip(args, [*args[1:], ""], strict=False):
        if option == "--":
            break
        given = value if option == "--lang" else option.removeprefix("--lang=")
        found = next((known for known in locale.LANGUAGES if known == given), found)
    return found


@contextmanager
def _in(ctx: Any) -> Iterator[None]:
    """Some errors do not say of themselves which command they are of."""
    try:
        yield
    except errors.UsageError as error:
        error.ctx = error.ctx or ctx
        raise


# Help -----------------------------------------------------------------------------------------------------------------


def _usage(command: Any, ctx: Any, formatter: Any, more: list[str]) -> None:
    formatter.write_usage(ctx.command_path, " ".join([*_pieces(command), *more]), prefix=text("Usage:") + " ")


def _pieces(command: Any) -> Iterator[str]:
    yield text("[OPTIONS]")
    for one in command.params:
        if one.param_type_name == "argument":
            yield text(one.metavar)


def _about(command: Any, formatter: Any) -> None:
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(text(command.help))


def _lists(command: Any, ctx: Any, formatter: Any) -> None:
    every = command.get_params(ctx)
    for kind, title in (("argument", text("Arguments")), ("option", text("Options"))):
        rows = [(_called(one), _explained(one)) for one in every if one.param_type_name == kind]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _called(one: Any) -> str:
    value = text(one.metavar) if one.metavar else ""
    return value if one.param_type_name == "argument" else f"{one.opts[0]} {value}".rstrip()


def _explained(one: Any) -> str:
    about = HELP if one.name == "help" else one.help  # the parser's own option
    said = text(about)
    if one.param_type_name == "option" and one.required:
        said += "  " + text("[required]")
    if isinstance(one.default, Enum):
        said += "  " + text("[default: {default}]", default=one.default.value)
    return said


# Errors ---------------------------------------------------------------------------------------------------------------


def _wrong(error: Any) -> str:
    said = text("Error: {message}", message=_message(error))
    if error.ctx is None:
        return said
    command = error.ctx.command_path
    return "\n".join([error.ctx.get_usage(), text("Try '{command} --help' for help.", command=command), "", said])


def _message(error: Any) -> str:
    """What is wrong, told from what the parser's error holds, and not in its words."""
    told: dict[str, Callable[[Any], str]] = {
        "MissingParameter": _missing,
        "NoSuchOption": _no_such_option,
        "BadOptionUsage": _bad_usage,
        "BadParameter": _bad_value,
    }
    return told.get(type(error).__name__, lambda other: str(other.message))(error)


def _missing(error: Any) -> str:
    about = text(error.param.help) if error.param.help else ""  # older versions of the parser do not keep it
    if error.param.param_type_name == "argument":
        return text("{name} is missing: {help}", name=_called(error.param), help=about).rstrip(": ")
    return text("The option {name} is missing: {help}", name=_called(error.param), help=about).rstrip(": ")


def _no_such_option(error: Any) -> str:
    command = error.ctx.command
    below = getattr(command, "commands", {}).values()
    if any(error.option_name in one.opts for other in below for one in other.params):
        return text("The option {name} belongs after the command's name.", name=error.option_name)
    having = [name for name, one in _beside().items() if any(error.option_name in param.opts for param in one.params)]
    if having:
        said = {"name": error.option_name, "command": command.name, "others": ", ".join(having)}
        return text("{command} has no option {name}; commands that have it: {others}", **said)
    known = [name for one in command.get_params(error.ctx) for name in one.opts]
    return text("No such option: {name}", name=error.option_name) + _suggestion(error.option_name, known)


def _beside() -> dict[str, Any]:
    """All commands: to say what one of them has not, the parser of that one is not enough."""
    from simulate.cli.app import app

    return dict(typer.main.get_group(app).commands)


def _bad_usage(error: Any) -> str:
    """An option that takes no value has one, or one that takes a value has none."""
    option = next(one for one in error.ctx.command.get_params(error.ctx) if error.option_name in one.opts)
    if option.is_flag:
        return text("The option {name} takes no value.", name=error.option_name)
    return text("The option {name} needs a value after it: {help}", name=_called(option), help=text(option.help))


def _bad_value(error: Any) -> str:
    return text("Invalid value for {name}: {message}", name=_called(error.param).split()[0], message=error.message)


def _suggestion(wrong: str, right: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(wrong[:60], right, n=1)
    return text("; did you mean `{key}`?", key=near[0]) if near else ""
