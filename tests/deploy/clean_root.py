"""Run the image's steps without a container engine: in a clean Debian root made by debootstrap.

    .venv/bin/python tests/deploy/clean_root.py FOLDER     # minutes; FOLDER must not be there yet

It reads deploy/Dockerfile itself, runs each stage in a root of its own, then starts what the image
starts, as its user and with a read-only root, and asks it the question of its HEALTHCHECK.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from connector.vault import new_key_text

ROOT = Path(__file__).parents[2]
PYTHON = "python3,python3-venv,python3-pip,ca-certificates"
# The certificates and the package index that this machine uses.
TRUSTED = ("etc/resolv.conf", "etc/ssl/certs/ca-certificates.crt", "etc/pip.conf")


def instructions(dockerfile: str) -> list[tuple[str, str]]:
    """Each instruction of a Dockerfile and what it says, comments left out, lines joined."""
    lines = [line for line in dockerfile.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [
        (word, rest) for word, _, rest in (s.partition(" ") for s in joined.splitlines()) if word
    ]


class Image:
    """The root that the stages lead to, and what the image says about its start."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "none"
        self.said: dict[str, str] = {}
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/tmp"}  # noqa: S108
        self.env |= {name: text for name, text in os.environ.items() if name.startswith("PIP_")}
        self.workdir = "/"

    def take(self, word: str, rest: str) -> None:
        """One instruction."""
        step = {"FROM": self._from, "COPY": self._copy, "RUN": self._run, "ENV": self._set}.get(
            word
        )
        if word == "WORKDIR":
            self.workdir = rest
            (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif step is not None:
            step(rest)
        else:
            self.said[word] = rest

    def _from(self, rest: str) -> None:
        self.root, self.workdir = self.folder / [*rest.split(" AS "), "final"][1], "/"
        run(["cp", "-a", self.folder / "clean", self.root])

    def _copy(self, rest: str) -> None:
        *sources, target = [part for part in rest.split() if not part.startswith("--")]
        stage = re.search(r"--from=(\S+)", rest)
        base = self.folder / stage[1] if stage else ROOT
        into = self.root / os.path.join(self.workdir, target).lstrip("/")
        for source in sources:
            command = ["cp", "-a", str(base / source.lstrip("/")), str(into)]
            subprocess.run(command, check=True)

    def _run(self, rest: str) -> None:
        run(["chroot", self.root, "sh", "-ec", f"cd {self.workdir}; {rest}"], env=self.env)

    def _set(self, rest: str) -> None:
        for name, text in (pair.split("=", 1) for pair in shlex.split(rest)):
            self.env[name] = text.replace("$PATH", self.env["PATH"])

    def started(self, *arguments: str) -> list[str]:
        """The command of a process as the image's user, in its root, with nothing else writable."""
        user, group = self.said["USER"].split(":")
        script = (
            f'mount --bind "{self.root}" "{self.root}" && cd "{self.root}" && '
            "mount -t proc proc proc && mount -t tmpfs tmpfs tmp && "
            "mount --bind var/lib/connector var/lib/connector && mount -o remount,bind,ro . && "
            f'exec chroot --userspec={user}:{group} . "$@"'
        )
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec", script, "sh",
                *arguments]  # fmt: skip


def run(command: list[object], **more: object) -> None:
    """A step that must succeed."""
    print("+", *command, flush=True)  # noqa: T201
    subprocess.run([str(part) for part in command], check=True, **more)  # type: ignore[call-overload]


def clean_root(folder: Path) -> None:
    """A Debian with its Python, as slim as it comes."""
    made = folder / "clean"
    run(["debootstrap", "--variant=minbase", f"--include={PYTHON}", "bookworm", made])
    (made / "usr/bin/python").symlink_to("python3")
    for each in TRUSTED:
        if Path("/", each).exists():
            shutil.copyfile(Path("/", each), made / each)


def healthy(image: Image, env: dict[str, str]) -> bool:
    """Whether the image's own question is answered within half a minute, and it then stops well."""
    entry = json.loads(image.said["ENTRYPOINT"]) + json.loads(image.said["CMD"])
    question = json.loads(image.said["HEALTHCHECK"].partition(" CMD ")[2])
    service = subprocess.Popen(image.started(*entry), env=env)
    try:
        for _ in range(30):
            time.sleep(1)
            asked = subprocess.run(image.started(*question), env=env, capture_output=True)
            if asked.returncode == 0:
                return stopped(service) == 0
        return False
    finally:
        service.kill()


def stopped(service: "subprocess.Popen[bytes]") -> int:
    """What it leaves with when it is asked to stop, as the first process of its own."""
    first = Path(f"/proc/{service.pid}/task/{service.pid}/children").read_text("ascii").split()[0]
    os.kill(int(first), signal.SIGTERM)
    return service.wait(30)


def main(folder: Path) -> int:
    """0 where every step worked and the service answered."""
    folder.mkdir(parents=True)
    clean_root(folder)
    image = Image(folder)
    for word, rest in instructions((ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")):
        image.take(word, rest)
    shutil.copytree(ROOT / "mappings/sandbox", image.root / "etc/connector/sandbox")
    env = image.env | {
        "CONNECTOR_KEYS": new_key_text(),
        "SANDBOX_URL": "http://127.0.0.1:8090",
        "SANDBOX_TOKEN": "a-token-for-the-trial",
        "SANDBOX_WEBHOOK_SECRET": "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=",
    }
    well = healthy(image, env)
    print("healthy" if well else "NOT healthy", flush=True)  # noqa: T201
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if sys.argv[1:] else Path(tempfile.mkdtemp()) / "root"))
