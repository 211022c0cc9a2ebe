"""Archives for tests: sound ones, and every way of making a bad one."""

from __future__ import annotations

import gzip
import io
import tarfile
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Sequence

Files = Sequence[tuple[str, bytes]]


def tar_gz(files: Files, *, format: int = tarfile.PAX_FORMAT) -> bytes:
    """Make a ``.tar.gz`` of files, in order."""
    return gzip.compress(tar(files, format=format), mtime=0)


def tar(files: Files, *, format: int = tarfile.PAX_FORMAT) -> bytes:
    """Make a ``.tar`` of files, in order."""
    return tar_of([(member(name, len(content)), content) for name, content in files], format=format)


def tar_of(
    members: Iterable[tuple[tarfile.TarInfo, bytes]], *, format: int = tarfile.PAX_FORMAT
) -> bytes:
    """Make a ``.tar`` of members of any type."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format, errors="surrogateescape") as archive:
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def member(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    """Make the header of a member."""
    info = tarfile.TarInfo(name)
    info.size = size
    info.type = kind
    if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        info.linkname = "/etc/passwd"
    return info


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Make the 512 bytes of a header alone, whatever they claim."""
    return member(name, size, kind).tobuf(tarfile.GNU_FORMAT)[-512:]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a ``.zip`` of files, in order."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", method) as archive:
        # Two files of one name are what some tests are about.
        warnings.simplefilter("ignore", UserWarning)
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=method)
    return buffer.getvalue()


def gzip_of_zeros(size: int, prefix: bytes = b"") -> bytes:
    """Make a gzip of ``prefix`` and ``size`` zeros without holding them."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(prefix)]
    chunk = bytes(1024 * 1024)
    for start in range(0, size, len(chunk)):
        pieces.append(packer.compress(chunk[: size - start]))
    return b"".join([*pieces, packer.flush()])
