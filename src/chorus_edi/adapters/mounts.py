"""Says whether a folder lies on a network file system, from the kernel's own list."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

_CLUSTER = ("ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2")
_SHARED = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "davfs")
_FUSE = ("sshfs", "glusterfs", "ceph", "davfs", "rclone", "s3fs", "gcsfuse")
NETWORK_TYPES = frozenset((*_CLUSTER, *_SHARED, *(f"fuse.{name}" for name in _FUSE)))
"""File system types whose locks and shared memory do not hold between machines."""

_OCTAL = re.compile(r"\\([0-7]{3})")


def read_mountinfo() -> str:
    """Return the kernel's list of mounts; empty where there is none to read (not Linux)."""
    try:
        return Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return ""


def network_type(folder: Path, mountinfo: str) -> str | None:
    """Return the type of the network file system that an absolute folder lies on, else None.

    Args:
        folder: the folder, links followed.
        mountinfo: text of ``/proc/self/mountinfo`` (proc(5)).
    """
    depth, kind = -1, ""
    for line in mountinfo.splitlines():
        mount, _, source = line.partition(" - ")
        fields = mount.split(" ")
        if len(fields) < 5 or not source:
            continue
        point = PurePosixPath(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4]))
        # A later mount on the same point hides an earlier one.
        if folder.is_relative_to(point) and len(point.parts) >= depth:
            depth, kind = len(point.parts), source.split(" ")[0]
    return kind if kind in NETWORK_TYPES else None
