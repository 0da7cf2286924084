"""`connector init` and `connector keys`: what IT needs before the first start."""

import shutil
from pathlib import Path

import click

from connector.profiles import packaged_folder
from connector.vault import new_key_text


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def init_command(folder: Path) -> None:
    """Write a fresh configuration into FOLDER: policy.yaml, one folder for each host, README.md."""
    if folder.exists() and any(folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty. Name a new folder; nothing was changed.")
    shutil.copytree(packaged_folder(), folder, dirs_exist_ok=True)
    click.echo(
        f"Wrote {folder}. Next:\n"
        f"  1. Read {folder / 'README.md'} and delete the hosts you do not have.\n"
        f"  2. connector check --config {folder}\n"
        f"  3. connector try HOST FILE --config {folder}\n"
        "  4. Set CONNECTOR_KEYS (make a key with: connector keys) and your hosts' secrets, then\n"
        f"     connector serve --with-worker --config {folder}"
    )


@click.command("keys")
@click.option("--name", default="k1", show_default=True, help="The key's own name.")
def keys_command(name: str) -> None:
    """Print a new encryption key for CONNECTOR_KEYS. Keep it apart from the database's backups."""
    click.echo(new_key_text(name))
