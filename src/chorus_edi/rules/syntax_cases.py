"""Examples of rules on the XML itself, kept and broken: small edits of one complete invoice.

A case says what differs from it::

    [[case]]
    rule = "UBL-SR-01"
    name = "two contracts"
    edits = [{ double = "/*/cac:ContractDocumentReference" }]
    breaks = "BT-12"

Paths are XPath 1.0 with the usual prefixes. Reading files and editing XML is for the caller.
"""

from __future__ import annotations

import tomllib

import msgspec

from chorus_edi.domain.scenarios import Syntax
from chorus_edi.errors import Defect


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a document; one of the first four says which.

    Attributes:
        double: an element to write a second time, after itself.
        drop: an element or an attribute (``…/@name``) to take away.
        into: an element to write ``add`` into, at its end.
        set: an element or an attribute to give the value ``to``; an attribute may be new.
        add: XML, without declarations of its prefixes.
        to: text.
    """

    double: str = ""
    drop: str = ""
    into: str = ""
    set: str = ""
    add: str = ""
    to: str = ""


class SyntaxCase(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One example.

    Attributes:
        rule: id of the rule it is about.
        name: what is particular about it, a few English words.
        syntax: the syntax of the invoice it is made from.
        edits: what differs from that invoice, in order.
        breaks: address at fault, empty for the document itself; None where the rule is kept.
        found: the value that is too many.
    """

    rule: str
    name: str
    syntax: Syntax
    edits: tuple[Edit, ...] = ()
    breaks: str | None = None
    found: str | None = None


def read_syntax_cases(toml: str) -> tuple[SyntaxCase, ...]:
    """Read the text of a case file.

    Raises:
        Defect: it is not a list of cases.
    """
    try:
        return msgspec.convert(tomllib.loads(toml).get("case"), tuple[SyntaxCase, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Defect(f"bad case file: {error}") from error
