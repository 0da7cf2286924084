"""Whether a file lies on a network file system, where SQLite's locks cannot be trusted."""

from pathlib import Path

MOUNTS = Path("/proc/self/mounts")
# fmt: off
NETWORK = frozenset({
    "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "coda", "ceph",
    "glusterfs", "lustre", "gfs2", "ocfs2", "beegfs", "davfs", "fuse.sshfs", "fuse.smbnetfs",
    "fuse.davfs2", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs", "fuse.rclone", "fuse.blobfuse",
    "fuse.blobfuse2",
})
# fmt: on


def network_file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The kind of network file system a path lies on (`nfs4`); None where local or unknown.

    Only Linux tells (`/proc/self/mounts`); elsewhere nothing is refused.
    """
    try:
        text = mounts.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return None
    kind = file_system_of(path.absolute().resolve(), text)
    return kind if kind in NETWORK else None


def file_system_of(path: Path, mounts: str) -> str | None:
    """The kind of the innermost mount that holds this absolute path."""
    best, kind = -1, None
    for line in mounts.splitlines():
        _, point, found, *_ = line.split(" ")
        folder = Path(_unescape(point))
        # A later mount at the same point hides the earlier one.
        if path.is_relative_to(folder) and len(folder.parts) >= best:
            best, kind = len(folder.parts), found
    return kind


def _unescape(point: str) -> str:
    for code, letter in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        point = point.replace(code, letter)
    return point
