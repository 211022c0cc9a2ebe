"""The one place that configures an XML parser: hostile bytes end here, as a value.

No DTD, no entity, no network; size, structure and depth are bounded before or while parsing.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from chorus_edi.domain.dossier import Tree
from chorus_edi.domain.labels import Label
from chorus_edi.formats.encodings import UnknownEncoding, Utf8, to_utf8
from chorus_edi.formats.faults import RULES, Fault, displayed

MAX_BYTES = 120 * 1024 * 1024
"""Size of one document (facts chorus-pro 1.6: 120 Mo with its attachments)."""

MAX_DEPTH = 256
"""Nested elements. libxml2 keeps to it by itself, but in a huge tree."""

# From this size on a legal document may hold a text (an attachment) above libxml2's own bounds,
# which ``huge_tree`` lifts for those that need it.
_HUGE = 10_000_000
# Memory of a tree, measured with libxml2 2.14 on 24 MB files: empty elements cost 31 times their
# four bytes, elements with a short text 320 bytes a pair, an attribute 213 bytes with its value.
_ELEMENT, _TEXT, _ATTRIBUTE = 128, 144, 256
# Real invoices without any white space come to 8 times their size (UBL samples). A worker may take
# 10 times the document, its bytes included, above a floor that no bound is needed under.
_TREE_PER_BYTE = 8
_TREE_FLOOR = 32 * 1024 * 1024
# Worst case of a byte is an attribute in five (` a=""`): below this size the floor holds it.
_UNCOUNTED = _TREE_FLOOR * 5 // (_ATTRIBUTE + _TEXT)

# Text before an opening tag or behind a closing one; blanks that are neither alone in an element
# (libxml2 keeps those) nor beside a text.
_MIXED = re.compile(rb"[^>\s]\s*<[^/!?]|(?:/>|</[^<>]*>)\s*[^<\s]")
_INDENT = re.compile(rb">\s+(?=<[^/!])|(?:/>|</[^<>]*>)\s+(?=</)")

_PARSERS = {
    huge: etree.XMLParser(
        # Said here, so that no declaration can make libxml2 read other text than we checked.
        encoding="UTF-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=huge,
        collect_ids=False,
        remove_blank_text=True,
        # They say nothing to a machine, and would cut the text of the elements they stand in.
        remove_comments=True,
        remove_pis=True,
        recover=False,
    )
    for huge in (False, True)
}
_DEEPER = etree.XPath(f"boolean({'/*' * (MAX_DEPTH + 1)})")
_BLANKS = b" \t\r\n"
_DEPTH_ERROR = etree.ErrorTypes.ERR_RESOURCE_LIMIT


class XmlFault(Fault, frozen=True, kw_only=True):
    """Why a file is no XML that we read; line and column from 1 where the file has such a place."""


class XmlDocument(NamedTuple):
    """A well-formed file: its root element, and its text in UTF-8 with the same lines."""

    tree: Tree
    xml: bytes


def parse(data: bytes) -> XmlDocument | XmlFault:
    """Parse an XML file.

    Returns:
        The document, or the fault: empty, too large, in another encoding than it says, with a
        DOCTYPE, with more structure than its size allows, too deep, or not well-formed.
    """
    if not data.strip(_BLANKS):
        return fault("CE-XML-01")
    if len(data) > MAX_BYTES:
        return fault("CE-XML-02", found=f"{len(data)} octets")
    recoded = to_utf8(data)
    if isinstance(recoded, UnknownEncoding):
        return fault("CE-XML-03", found=recoded.declared, line=1)
    if not isinstance(recoded, Utf8):
        return fault("CE-XML-04", found=recoded.announced, line=recoded.line, column=recoded.column)
    return _refused_before_parsing(recoded.xml) or _parsed(recoded.xml)


def fault(
    rule: str,
    *,
    found: str | None = None,
    line: int | None = None,
    column: int | None = None,
    message: Label | None = None,
) -> XmlFault:
    """Make the fault of a rule of ``faults.RULES``."""
    row = RULES[rule]
    return XmlFault(
        rule=rule,
        motive=row.motive,
        message=message or row.message,
        found=None if found is None else displayed(found),
        line=line,
        column=column,
    )


def _refused_before_parsing(xml: bytes) -> XmlFault | None:
    doctype = _doctype_at(xml)
    if doctype is not None:
        line, column = _place(xml, doctype)
        return fault("CE-XML-05", line=line, column=column)
    if len(xml) > _UNCOUNTED and not _is_bearable(xml):
        return fault("CE-XML-06")
    return None


def _doctype_at(xml: bytes) -> int | None:
    """Walk the prolog: a DOCTYPE can stand nowhere else, and in a comment it is only text."""
    at = 3 if xml.startswith(b"\xef\xbb\xbf") else 0
    while at >= 0:
        while xml[at : at + 1] in (b" ", b"\t", b"\r", b"\n"):
            at += 1
        if xml.startswith(b"<!DOCTYPE", at):
            return at
        if xml.startswith(b"<!--", at):
            at = _behind(xml, b"-->", at + 4)
        elif xml.startswith(b"<?", at):
            at = _behind(xml, b"?>", at + 2)
        else:
            return None
    return None


def _behind(xml: bytes, mark: bytes, start: int) -> int:
    found = xml.find(mark, start)
    return found + len(mark) if found >= 0 else -1


def _place(xml: bytes, at: int) -> tuple[int, int]:
    before = xml[:at].removeprefix(b"\xef\xbb\xbf")
    newline = before.rfind(b"\n")
    return before.count(b"\n") + 1, len(before[newline + 1 :].decode("utf-8", "replace")) + 1


def _is_bearable(xml: bytes) -> bool:
    """True where the memory of the tree, bounded from above by counting bytes, suits the size."""
    bound = _TREE_FLOOR + _TREE_PER_BYTE * len(xml)
    size = xml.count(b"<") * _ELEMENT + xml.count(b">") * _TEXT + xml.count(b"=") * _ATTRIBUTE
    # What is too much in this is counted where it matters: two bytes take three times as long.
    for mark, memory in ((b"</", _ELEMENT), (b"><", _TEXT)):
        if size <= bound:
            return True
        size -= xml.count(mark) * memory
    return size <= bound or size - _dropped_blanks(xml) * _TEXT <= bound


def _dropped_blanks(xml: bytes) -> int:
    """Count the blanks between elements, which indent a file and make no node of the tree.

    None where text may stand beside an element, or blanks are said to matter: there libxml2 keeps
    them.
    """
    if b"xml:space" in xml or b"<![CDATA[" in xml or _MIXED.search(xml):
        return 0
    return sum(1 for _ in _INDENT.finditer(xml))


def _parsed(xml: bytes) -> XmlDocument | XmlFault:
    try:
        return XmlDocument(etree.fromstring(xml, _PARSERS[False]), xml)
    except etree.XMLSyntaxError as error:
        # What ends here may only be a text too long for it.
        return _parsed_as_huge(xml) if len(xml) >= _HUGE else _syntax_fault(error)


def _parsed_as_huge(xml: bytes) -> XmlDocument | XmlFault:
    try:
        tree = etree.fromstring(xml, _PARSERS[True])
    except etree.XMLSyntaxError as error:
        return _syntax_fault(error)
    return fault("CE-XML-07") if _DEEPER(tree) else XmlDocument(tree, xml)


def _syntax_fault(error: etree.XMLSyntaxError) -> XmlFault:
    line, column = error.position
    message = (error.msg or "").partition("\n")[0]
    said = message.rpartition(", line ")[0] or message
    place = {"line": max(line, 1), "column": max(column, 1)}
    if error.code == _DEPTH_ERROR and "depth" in said:
        return fault("CE-XML-07", **place)
    french = _FRENCH.get(error.code, RULES["CE-XML-08"].message.fr)
    english = f"The file is not well-formed XML: {displayed(said, 300)}"
    return fault("CE-XML-08", found=said, message=Label(french, english), **place)


_Errors = etree.ErrorTypes
_CUT = "Le fichier XML est tronqué : il s'arrête avant la fin."
_ATTRIBUTE_VALUE = "La valeur d'un attribut n'est pas écrite correctement."
_CHARACTER = "Le fichier contient un caractère interdit en XML."
_PREFIX = "Un préfixe d'espace de noms est mal déclaré ou ne l'est pas."
_REFERENCE = (
    "Le caractère « & » est mal utilisé : écrivez « &amp; », ou une référence connue de XML."
)
_FRENCH: dict[int, str] = {
    _Errors.ERR_DOCUMENT_EMPTY: "Le fichier XML ne contient aucun élément.",
    _Errors.ERR_DOCUMENT_END: "Du contenu suit la fin de l'élément racine.",
    _Errors.ERR_TAG_NAME_MISMATCH: "Une balise fermante ne correspond pas à la balise ouverte.",
    _Errors.ERR_TAG_NOT_FINISHED: _CUT,
    _Errors.ERR_GT_REQUIRED: "Une balise n'est pas terminée.",
    _Errors.ERR_COMMENT_NOT_FINISHED: "Un commentaire n'est pas terminé.",
    _Errors.ERR_HYPHEN_IN_COMMENT: "Un commentaire contient « -- », ce que XML interdit.",
    _Errors.ERR_CDATA_NOT_FINISHED: "Une section CDATA n'est pas terminée.",
    _Errors.ERR_PI_NOT_FINISHED: "Une instruction de traitement n'est pas terminée.",
    _Errors.ERR_MISPLACED_CDATA_END: "La suite « ]]> » n'est pas admise dans un texte.",
    _Errors.ERR_INVALID_CHAR: _CHARACTER,
    _Errors.ERR_INVALID_ENCODING: _CHARACTER,
    _Errors.ERR_ATTRIBUTE_NOT_STARTED: _ATTRIBUTE_VALUE,
    _Errors.ERR_ATTRIBUTE_NOT_FINISHED: _ATTRIBUTE_VALUE,
    _Errors.ERR_LT_IN_ATTRIBUTE: _ATTRIBUTE_VALUE,
    _Errors.ERR_ATTRIBUTE_REDEFINED: "Un attribut est répété dans le même élément.",
    _Errors.NS_ERR_ATTRIBUTE_REDEFINED: "Un attribut est répété dans le même élément.",
    _Errors.ERR_NAME_REQUIRED: (
        "Le caractère « < » ou « & » n'est pas suivi d'un nom : dans un texte, écrivez « &lt; » "
        "ou « &amp; »."
    ),
    _Errors.ERR_UNDECLARED_ENTITY: _REFERENCE,
    _Errors.WAR_UNDECLARED_ENTITY: _REFERENCE,
    _Errors.ERR_ENTITYREF_SEMICOL_MISSING: _REFERENCE,
    _Errors.ERR_INVALID_CHARREF: _REFERENCE,
    _Errors.NS_ERR_UNDEFINED_NAMESPACE: _PREFIX,
    _Errors.NS_ERR_XML_NAMESPACE: _PREFIX,
    _Errors.NS_ERR_QNAME: _PREFIX,
    _Errors.ERR_RESERVED_XML_NAME: "La déclaration « <?xml … ?> » n'est pas au tout début.",
    _Errors.ERR_XMLDECL_NOT_FINISHED: "La déclaration « <?xml … ?> » n'est pas correcte.",
    _Errors.ERR_UNKNOWN_VERSION: "La version de XML annoncée n'est pas connue.",
    _Errors.ERR_VERSION_MISSING: "La déclaration « <?xml … ?> » n'annonce pas de version.",
    _Errors.ERR_STANDALONE_VALUE: "La déclaration « <?xml … ?> » n'est pas correcte.",
    _Errors.ERR_NAME_TOO_LONG: "Un nom d'élément ou d'attribut est trop long.",
}
