"""Redraw the package graph in ARCHITECTURE.md from the real imports: ``python docs/draw_architecture.py [--check]``."""

import ast
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = REPOSITORY / "dcwtal"
DOCUMENT = REPOSITORY / "ARCHITECTURE.md"
BEGIN, END = "<!-- graph: made by docs/draw_architecture.py -->", "<!-- end of graph -->"
FLOORS = [
    ["core"],
    ["data", "formats", "losses", "localize", "evaluation", "jobs"],
    ["video", "models", "views"],
    ["features", "training", "world"],
    ["pipeline"],
    ["ui", "cli"],
]


def edges() -> dict[str, set[str]]:
    """Package → the packages it imports, functions' own imports included."""
    graph: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dcwtal."):
                graph.setdefault(room, set()).add(node.module.split(".")[1])
    return {room: targets - {room} for room, targets in graph.items()}


def drawing() -> str:
    """A table from the top floor down: package, files, lines, and what it imports."""
    graph = edges()
    rows = ["| floor | package | files | lines | imports |", "|---|---|---|---|---|"]
    for number, floor in reversed(list(enumerate(FLOORS))):
        for name in floor:
            files = sorted((PACKAGE / name).rglob("*.py")) or [PACKAGE / f"{name}.py"]
            lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files)
            targets = ", ".join(t for level in FLOORS for t in level if t in graph.get(name, ()))
            # Rounded, so that a small edit does not make the drawing stale.
            rows.append(
                f"| {number} | `{name}` | {len(files)} | ~{max(1, round(lines / 100)) * 100} | {targets} |"
            )
    return "\n".join(rows)


def redrawn(text: str) -> str:
    """The document with a fresh graph between its markers."""
    head, rest = text.split(BEGIN)
    return f"{head}{BEGIN}\n{drawing()}\n{END}{rest.split(END)[1]}"


def main() -> int:
    """Rewrite the document, or with ``--check`` only tell (exit 1) that it is stale."""
    text = DOCUMENT.read_text(encoding="utf-8")
    fresh = redrawn(text)
    if "--check" in sys.argv[1:]:
        return int(_without_counts(fresh) != _without_counts(text))
    DOCUMENT.write_text(fresh, encoding="utf-8")
    return 0


def _without_counts(text: str) -> list[list[str]]:
    return [[c for i, c in enumerate(line.split("|")) if i not in (3, 4)] for line in text.splitlines()]


if __name__ == "__main__":
    raise SystemExit(main())
