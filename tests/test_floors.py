"""Imports point down the floors, never up, never sideways; the page opens without the networks."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "dcwtal"
FLOORS = [
    {"core"},
    {"data", "formats", "losses", "localize", "evaluation", "jobs"},
    {"video", "models", "views"},
    {"features", "training", "world"},
    {"pipeline"},
    {"experiments"},
    {"ui", "cli", "__main__"},
]
FLOOR_OF = {name: number for number, names in enumerate(FLOORS) for name in names}
# Third-party packages that only these places may import; DESIGN 3 and 10.
ONLY = {
    "gradio": {"ui"},
    "torch": {"losses", "models", "features", "training", "world", "pipeline", "data"},
    "open_clip": {"models", "features", "pipeline", "world"},
    "av": {"video"},
    "moviepy": {"video", "world"},
    "typer": {"cli"},
}


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _imports(path: Path) -> list[str]:
    """Every imported module name in a file, also those inside functions."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module)
    return found


def _room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def test_every_module_is_on_a_floor():
    rooms = {_room(path) for path in _modules()} - {"__init__"}
    assert rooms <= set(FLOOR_OF), f"not on a floor: {rooms - set(FLOOR_OF)}"
    assert len(_modules()) > 60


def test_imports_point_down():
    seen = 0
    for path in _modules():
        room = _room(path)
        for name in _imports(path):
            if not name.startswith("dcwtal.") or room == "__init__":
                continue
            target = name.split(".")[1]
            seen += 1
            if target == room:
                continue
            same_top = {room, target} <= FLOORS[-1]
            assert FLOOR_OF[target] < FLOOR_OF[room] or same_top, f"{path.name} ({room}) imports {name}"
    assert seen > 150


@pytest.mark.parametrize("library", sorted(ONLY))
def test_libraries_stay_in_their_rooms(library):
    users = {_room(path) for path in _modules() if any(n.split(".")[0] == library for n in _imports(path))}
    assert users, f"nobody imports {library}"
    assert users <= ONLY[library], f"{library} is imported in {users - ONLY[library]}"


def test_no_cycles_inside_a_package():
    graph = {}
    for path in _modules():
        name = ".".join(["dcwtal", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(
            ".__init__"
        )
        tree = ast.parse(path.read_text(encoding="utf-8"))
        top = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
        graph[name] = {node.module for node in top if node.module.startswith("dcwtal.")}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join([*trail, name])
        if name not in done:
            for target in graph.get(name, ()):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_files_stay_small():
    long = {str(path): n for path in _modules() if (n := len(path.read_text().splitlines())) > 300}
    assert not long, long


def test_the_page_imports_no_network():
    code = (
        "import sys, dcwtal.ui.app; "
        "bad = [m for m in ('torch', 'open_clip', 'torchvision') if m in sys.modules]; sys.exit(str(bad) if bad else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
