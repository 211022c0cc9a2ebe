"""Hostile files cost little memory: each is judged in a process of its own, whose peak is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc"),
]

MIB = 1024 * 1024
PRELUDE = """
import io, zlib
from datetime import date
from chorus_edi.domain.dossier import Document
from chorus_edi.formats.archive import ArchiveFault, Limits
from chorus_edi.formats.attachments import take
from chorus_edi.stages.detect import detect
from chorus_edi.stages.unpack import unpack
from tests.archives import gzip_of_zeros, header, member, tar_of, zipped

def judge(content):
    outcome = detect(Document(content=content, name="x", deposited=date(2026, 11, 21)))
    return outcome.findings[-1].rule if hasattr(outcome, "findings") and outcome.findings else "ok"

def judge_flow(data):
    for item in unpack(io.BytesIO(data), Limits()):
        last = item
        if not isinstance(item, ArchiveFault):
            for last in item.chunks():
                pass
    return last.rule if isinstance(last, ArchiveFault) else "ok"

def peak():
    # ru_maxrss outlives exec: in a child it starts at the peak of the test runner. VmHWM does not.
    status = open("/proc/self/status").read()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024

def report(rule):
    print(rule, peak())
"""


def measured(script: str) -> tuple[str, int]:
    """Run a script; return the rule it reports, and its peak in MiB."""
    done = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rule, peak = done.stdout.split()
    return rule, int(peak)


@pytest.mark.parametrize(
    ("script", "rule", "size"),
    [
        ("report(judge(b'<r>' + b'<a/>' * 31_400_000 + b'</r>'))", "CE-XML-06", 120),
        ("report(judge(b'<r>' + b'<a/>' * 31_500_000 + b'</r>'))", "CE-XML-02", 121),
        (
            "report(judge(b'<r ' + b' '.join(b'a%d=\"\"' % n for n in range(2_000_000)) + b'/>'))",
            "CE-XML-06",
            23,
        ),
        ("report(judge(b'<a>' * 300_000 + b'</a>' * 300_000))", "CE-XML-07", 2),
        ("report(judge(b'<a>' * 9_000_000 + b'</a>' * 9_000_000))", "CE-XML-06", 60),
        ("report(judge(b'<r>' + b'<x:a/>' * 600_000 + b'</r>'))", "CE-XML-06", 4),
        (
            "report(judge(b'<r>' + (b'<a>' + b'x' * 40 + b'</a>') * 500_000 + b'</r>'))",
            "CE-TYPE-01",
            24,
        ),
        ("report(judge(b'<r>' + b'A' * 100_000_000 + b'</r>'))", "CE-TYPE-01", 96),
        ("report(judge(b'<r>' + b'<a/>' * 100_000 + b'</r>'))", "CE-TYPE-01", 1),
    ],
    ids=[
        "legal size, empty tags",
        "126 MB of empty tags",
        "attributes",
        "deep",
        "deeper",
        "prefixes",
        "texts",
        "one text",
        "small",
    ],
)
def test_an_xml_flood_stays_within_ten_times_its_size(script: str, rule: str, size: int) -> None:
    found, peak = measured(script)
    assert found == rule
    assert peak <= 200 + 10 * size


@pytest.mark.parametrize(
    ("script", "rule"),
    [
        ("report(judge_flow(gzip_of_zeros(2_000 * 1024 * 1024)))", "CE-ARC-05"),
        (
            "report(judge_flow(gzip_of_zeros(2_000 * 1024 * 1024, header('a.xml', 2**31))))",
            "CE-ARC-06",
        ),
        (
            "report(judge_flow(gzip_of_zeros(2**27, header('a.xml', 120 * 1024 * 1024))))",
            "CE-ARC-05",
        ),
        ("report(judge_flow(gzip_of_zeros(2**30, header('x', 2**30, b'L'))))", "CE-ARC-07"),
        ("report(judge_flow(gzip_of_zeros(2**30, header('x', 2**30, b'x'))))", "CE-ARC-01"),
        ("report(judge_flow(zipped([('a.xml', bytes(100_000_000))])))", "CE-ARC-05"),
        ("report(judge_flow(zipped([(f'{n}.xml', b'') for n in range(70_000)])))", "CE-ARC-04"),
    ],
    ids=["zeros", "entry", "ratio", "long name", "pax", "zip", "entries"],
)
def test_an_archive_bomb_stays_small(script: str, rule: str) -> None:
    found, peak = measured(script)
    assert found == rule
    assert peak <= 200


def test_a_bomb_attached_to_a_pdf_stays_small() -> None:
    script = """
from tests.unit.test_facturx import Name, pdf_of
packer = zlib.compressobj(9)
bomb = b"".join(packer.compress(bytes(10**6)) for _ in range(1_000)) + packer.flush()
report(judge(pdf_of({"factur-x.xml": bomb}, encoded_as=Name.FlateDecode)))
"""
    assert measured(script)[0] == "CE-PDF-05"
    assert measured(script)[1] <= 200


def test_a_bomb_attached_to_an_invoice_stays_small() -> None:
    script = """
import base64
packed = zipped([("a.pdf", bytes(100_000_000))])
before = peak()
attachment, _ = take(base64.b64encode(packed).decode(), filename="a.pdf", mime=None)
print(attachment.fault, peak() - before)
"""
    fault, growth = measured(script)
    assert fault == "IRR_TAILLE_PJ"
    assert growth <= 50
