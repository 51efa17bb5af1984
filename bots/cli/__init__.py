"""The command `tousu`. One file a group of verbs; exit codes 0 done, 1 found problems, 2 wrong use."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

from bots.cli.app import app, sentence
from casestore.errors import CaseError, StoreError

if TYPE_CHECKING:
    from casestore.store import DatabaseFault

#: The files of this folder that hold verbs, in the order of `tousu --help`.
GROUPS = (
    "desk",
    "set_up",
    "check",
    "draw",
    "talk",
    "classify",
    "learn",
    "deadline",
    "calendar",
    "cases",
    "staff",
    "test",
)


def main() -> None:
    """Run the command line; what the desk refuses is told in a sentence, never as a traceback."""
    for group in GROUPS:
        import_module(f"bots.cli.{group}")
    try:
        app(prog_name="tousu")
    except StoreError as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except CaseError as error:
        print(sentence(error), file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"不能读写 {error.filename or ''}: {error.strerror or type(error).__name__}", file=sys.stderr)
        sys.exit(1)
    except UnicodeDecodeError:
        print("输入的文字不是 UTF-8 编码，请另存为 UTF-8 后再试", file=sys.stderr)
        sys.exit(1)
    except _database_fault() as error:
        print(f"数据库不能使用({error.orig})。请运行 tousu doctor；如已损坏，请用备份恢复", file=sys.stderr)
        sys.exit(1)


def _database_fault() -> type[DatabaseFault]:
    """Looked up when something went wrong only: most verbs need no database."""
    from casestore.store import DatabaseFault  # noqa: PLC0415

    return DatabaseFault
