"""`connector import`: rows a second and peak memory."""

import sys

from connector.assembly import today

from .figures import Figure
from .people import people_file
from .processes import command, cost_of
from .setting import Setting

BARE = "the file read, one bare insert a row"


def figures(of: Setting) -> list[Figure]:
    """Beside a process that reads the same file and inserts a plain row for each person."""
    file, count = of.folder / "people.csv", of.size.people
    people_file(file, count, today())
    imported = command("import", "sandbox", str(file), "--json")
    bare = [sys.executable, "-m", "tests.bench.bare_import", str(file), str(of.folder / "bare.db")]
    ours = cost_of(imported, of.with_data("imported"), of.folder / "imported.json")
    floor = cost_of(bare, of.environment, of.folder / "bare.txt")
    name = f"People imported, {count:,} in the file"
    return [
        Figure(name, "a second", count / ours.seconds, count / floor.seconds, BARE, more=True),
        Figure(f"{name}: memory", "MB", ours.megabytes, floor.megabytes, BARE),
    ]
