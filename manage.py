#!/usr/bin/env python
"""Django's commands. One that needs the database finds the running portal's, or has it just for its own time."""

import sys
from contextlib import nullcontext

# These never ask the database, so no server is started for them.
WITHOUT_DATABASE = {
    "", "help", "-h", "--help", "version", "--version", "diffsettings",
    "collectstatic", "findstatic", "compilemessages", "makemessages",
    "evaluate_rounds", "spectacular", "write_api_schema", "startapp", "startproject",
}  # fmt: skip


def needs_database(arguments: list[str]) -> bool:
    """Whether this command line wants the servers: every command but the ones known to do without."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command == "check":
        return any(each.startswith("--database") for each in arguments)
    return command not in WITHOUT_DATABASE and not {"-h", "--help"} & set(arguments)


def main() -> None:
    try:
        from django.core.management import execute_from_command_line

        from deploy.quick_states import quick_states
        from portal.runtime import environment, join, messages, paths
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in {"django", "celery"}:
            raise
        sys.exit("✗ 꾸러미가 설치되어 있지 않습니다.\n  고치려면: ./start --setup 뒤 .venv/bin/python manage.py …")
    try:
        environment.set_defaults(paths.Paths.from_environment())
        if needs_database(sys.argv):
            join.join_for_this_process()
    except messages.Trouble as trouble:
        messages.complain(trouble)
        sys.exit(1)
    with quick_states() if sys.argv[1:2] == ["migrate"] else nullcontext():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
