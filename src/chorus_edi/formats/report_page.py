"""The integration report as one page that an accountant reads or prints: HTML, French first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from chorus_edi.domain import motives, statuses
from chorus_edi.domain.findings import Finding, visible
from chorus_edi.domain.flux import DocumentRow, Flux, InvoiceSummary, Rejection, rank_of
from chorus_edi.domain.legal_time import with_offset
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.partners import Mode
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.formats.term_labels import term_label

_STYLE = """
:root { --ink: #1d2433; --soft: #5b6475; --line: #d5dae3; --pale: #f5f6f9;
  --good: #1b6e3c; --bad: #a6231d; --mid: #8a5300; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 56rem; padding: 2rem 1.5rem; color: var(--ink);
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .2rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .6rem; padding-bottom: .25rem;
  border-bottom: 2px solid var(--line); }
h3 { font-size: 1rem; margin: 0; }
p { margin: .2rem 0; }
.soft { color: var(--soft); }
.code, code { font: .88em ui-monospace, "DejaVu Sans Mono", Consolas, monospace;
  overflow-wrap: anywhere; }
.verdict { margin: 1rem 0; padding: .8rem 1rem; border-left: .35rem solid var(--tone);
  background: var(--pale); }
.verdict strong { color: var(--tone); font-size: 1.1rem; }
.good { --tone: var(--good); } .bad { --tone: var(--bad); } .mid { --tone: var(--mid); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; overflow-wrap: anywhere; }
th { overflow-wrap: normal; white-space: nowrap; }
.number { text-align: right; white-space: nowrap; }
section.invoice { margin: 1.2rem 0; border: 1px solid var(--line); border-radius: 4px; }
section.invoice > header { padding: .6rem .9rem; background: var(--pale);
  border-bottom: 1px solid var(--line); }
ol { list-style: none; margin: 0; padding: 0; }
ol > li { padding: .7rem .9rem; border-bottom: 1px solid var(--line); break-inside: avoid; }
ol > li:last-child { border-bottom: 0; }
.message { font-weight: 600; }
.todo { border-left: 3px solid var(--good); padding-left: .6rem; margin: .35rem 0; }
.tag { display: inline-block; padding: 0 .45rem; margin-right: .4rem; border-radius: 3px;
  border: 1px solid var(--tone); color: var(--tone); font-size: .8rem; }
footer { margin-top: 2rem; font-size: .85rem; color: var(--soft); }
@page { size: A4; margin: 15mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  section.invoice > header, h2, h3 { break-after: avoid; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
  .verdict, section.invoice > header { print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
}
"""

_TONES = {
    FluxState.IN_INTEGRE: "good",
    FluxState.IN_INTEGRE_PARTIEL: "mid",
    FluxState.IN_REJETE: "bad",
    FluxState.IN_INCIDENTE: "bad",
    FluxState.QP_RECEVABLE: "good",
    FluxState.QP_RECEVABLE_AVEC_ERREUR: "mid",
    FluxState.QP_IRRECEVABLE: "bad",
}

_ADVICE = {
    FluxState.IN_INTEGRE: "Toutes les factures sont transmises. Rien à faire.",
    FluxState.IN_INTEGRE_PARTIEL: (
        "Corrigez les factures rejetées et redéposez-les dans un nouveau flux. "
        "Ne redéposez pas les factures intégrées."
    ),
    FluxState.IN_REJETE: (
        "Aucune facture n'est transmise. Corrigez, puis redéposez tout le flux, sous le même nom "
        "ou sous un nouveau."
    ),
    FluxState.IN_INCIDENTE: "Le flux n'a pas été traité. Redéposez-le en entier.",
    FluxState.IN_EN_ATTENTE_RETRAITEMENT_CPP: (
        "Une partie du flux attend une reprise par l'exploitant. Ne redéposez rien."
    ),
    FluxState.QP_RECEVABLE: "Essai réussi : en production, ces factures seraient transmises.",
    FluxState.QP_RECEVABLE_AVEC_ERREUR: (
        "Essai : en production, les factures conformes seraient transmises, les autres rejetées."
    ),
    FluxState.QP_IRRECEVABLE: "Essai : en production, ce flux serait refusé en entier.",
}

_OF_A_REPETITION = (
    "Ce dépôt n'a pas été traité : lisez le compte rendu du premier flux, qui vous est redonné. "
    "Ne redéposez que ce qu'il demande."
)


def integration_html(
    flux: Flux, documents: Sequence[DocumentRow], findings: Iterable[Rejection]
) -> bytes:
    """Return the integration report as one self-contained page (UTF-8, ends with a newline).

    The arguments are those of ``reports.integration_report``.
    """
    rows = list(findings)
    parts = [
        _head(flux),
        _summary(flux, documents),
        _flow_findings([row.finding for row in rows if row.rank == 0]),
        *_refused(documents, rows),
        _waiting(documents),
        _accepted(documents, rows),
        _rules(documents),
        _footer(flux),
    ]
    text = "\n".join(part for part in parts if part)
    return f"{text}\n".encode(errors="backslashreplace")


def _head(flux: Flux) -> str:
    title = f"Compte rendu d'intégration {_text(flux.numero_flux)}"
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    )


def _summary(flux: Flux, documents: Sequence[DocumentRow]) -> str:
    label = statuses.FLUX_LABELS[flux.etat].fr
    motive = f"<p>Motif : {_motive(flux.motif)}</p>" if flux.motif else ""
    repeats = flux.motif is Motive.IRR_UNICITE
    advice = _OF_A_REPETITION if repeats else _ADVICE.get(flux.etat, "")
    return (
        "<h1>Compte rendu d'intégration</h1>\n"
        f'<p class="soft">Flux <span class="code">{_text(flux.numero_flux)}</span></p>\n'
        f'<div class="verdict {_TONES.get(flux.etat, "mid")}">'
        f"<p><strong>{_text(label)}</strong> · {_counted(flux, documents)}</p>"
        f"{motive}<p>{_text(advice)}</p></div>\n" + _facts(flux)
    )


def _counted(flux: Flux, documents: Sequence[DocumentRow]) -> str:
    if not documents:
        return "aucune facture examinée"
    waiting = sum(d.state is DocumentState.EN_ATTENTE for d in documents)
    counts = [
        _plural(flux.factures, "facture", "factures"),
        _plural(flux.integrees, "intégrée", "intégrées"),
        _plural(flux.rejetees, "rejetée", "rejetées"),
    ]
    if flux.mode is Mode.QUALIFICATION:
        sound = sum(d.state is DocumentState.CONFORME for d in documents)
        counts[1] = _plural(sound, "conforme", "conformes")
    if waiting:
        counts.append(f"{waiting} en attente")
    return ", ".join(counts)


def _plural(count: int, one: str, many: str) -> str:
    return f"{count} {many if count > 1 else one}"


def _facts(flux: Flux) -> str:
    return _definitions(
        ("Fichier", _text(flux.nom_fichier)),
        ("Émetteur", _text(flux.emetteur)),
        ("Interface", _text(flux.interface)),
        ("Déposé le", _text(with_offset(flux.date_depot))),
        ("Traité le", _text(with_offset(flux.date_etat))),
        ("Déjà reçu sous", _text(flux.premier_flux)),
        ("SHA-256", _code(flux.sha256)),
    )


def _flow_findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    return f'<h2>Anomalies du flux</h2>\n<section class="invoice">{_list(findings)}</section>'


def _refused(documents: Sequence[DocumentRow], rows: Sequence[Rejection]) -> Iterable[str]:
    refused = (DocumentState.REJETE, DocumentState.IRRECEVABLE)
    at_fault = [document for document in documents if document.state in refused]
    # An irrecevable flow drags down documents that have no fault of their own.
    own = {row.rank for row in rows}
    guilty = [document for document in at_fault if document.rank in own]
    dragged = [document for document in at_fault if document.rank not in own]
    if guilty:
        yield "<h2>Factures à corriger</h2>"
        for document in guilty:
            yield _invoice(document, [row.finding for row in rows if row.rank == document.rank])
    if dragged:
        yield "<h2>Factures refusées avec le flux</h2>"
        yield '<p class="soft">Sans anomalie propre : à redéposer telles quelles.</p>'
        yield _table(dragged)


def _invoice(document: DocumentRow, findings: Sequence[Finding]) -> str:
    summary = document.summary or InvoiceSummary()
    title = f"Facture {_text(summary.number)}" if summary.number else _text(document.name)
    label = statuses.DOCUMENT_LABELS[document.state].fr if document.state else ""
    return (
        f'<section class="invoice bad">\n<header><h3>{title}</h3>'
        f'<p><span class="tag">{_text(label)}</span>{_motive(document.motive)}</p>'
        + _definitions(
            ("Fournisseur", _party(summary.seller_name, summary.seller)),
            ("Destinataire", _party(summary.recipient_name, summary.recipient)),
            ("Document", f"n° {document.rank}, {_text(document.name)}"),
            ("Identifiant", _code(document.id)),
            ("SHA-256", _code(document.sha256)),
        )
        + f"</header>\n{_list(findings)}</section>"
    )


def _list(findings: Iterable[Finding]) -> str:
    ordered = sorted(findings, key=lambda finding: not finding.fatal)
    return "<ol>\n" + "\n".join(f"<li>{_finding(f)}</li>" for f in ordered) + "\n</ol>"


def _finding(finding: Finding) -> str:
    weight = ("bad", "Bloquant") if finding.fatal else ("mid", "Avertissement")
    # A warning refuses nothing: its motive would only frighten.
    motive = f" · {_motive(finding.motive)}" if finding.fatal else ""
    advice = f"À faire : {_text(finding.conseil)}"
    todo = f'<p class="todo">{advice}</p>' if finding.conseil else ""
    return (
        f'<p class="message">{_text(finding.message.fr)}</p>'
        f'<p class="soft" lang="en">{_text(finding.message.en)}</p>{todo}'
        f'<p><span class="tag {weight[0]}">{weight[1]}</span>'
        f'<span class="code">{_text(finding.rule)}</span>{motive}</p>'
        + _definitions(
            ("Donnée", _terms(finding.terms)),
            ("Trouvé", _code(None if finding.found is None else visible(finding.found))),
            ("Attendu", _code(finding.expected)),
            ("Ligne", _position(finding)),
            ("Adresse", _code(finding.address)),
            ("Emplacement", _code(finding.location)),
        )
    )


def _terms(terms: Sequence[str]) -> str:
    return "<br>".join(f"{_text(term)} {_text(term_label(term))}" for term in terms)


def _position(finding: Finding) -> str:
    if finding.line is None:
        return ""
    return f"{finding.line}" + (f", colonne {finding.column}" if finding.column else "")


def _waiting(documents: Sequence[DocumentRow]) -> str:
    waiting = [document for document in documents if document.state is DocumentState.EN_ATTENTE]
    return f"<h2>Documents en attente</h2>\n{_table(waiting)}" if waiting else ""


def _accepted(documents: Sequence[DocumentRow], rows: Sequence[Rejection]) -> str:
    kept = (DocumentState.INTEGRE, DocumentState.CONFORME)
    accepted = [document for document in documents if document.state in kept]
    if not accepted:
        return ""
    recycled = "".join(_recycled(one, one.continues) for one in accepted if one.continues)
    remarked = [
        _invoice_remarks(document, found)
        for document in accepted
        if (found := [row.finding for row in rows if row.rank == document.rank])
    ]
    remarks = "\n".join(["<h2>Avertissements</h2>", *remarked]) if remarked else ""
    qualified = accepted[0].state is DocumentState.CONFORME
    title = "Factures conformes" if qualified else "Factures intégrées"
    return f"<h2>{title}</h2>\n{_table(accepted)}\n{recycled}{remarks}".rstrip()


def _recycled(document: DocumentRow, first: str) -> str:
    """Say that a document is no new invoice."""
    number = (document.summary or InvoiceSummary()).number
    flow = (rank_of(first) or ("", 0))[0]
    return (
        f"<p>Rang {document.rank} : recyclage de la facture {_text(number)} "
        f"(flux {_code(flow)}), qui garde son numéro et son historique.</p>\n"
    )


def _invoice_remarks(document: DocumentRow, findings: Sequence[Finding]) -> str:
    summary = document.summary or InvoiceSummary()
    title = f"Facture {_text(summary.number)}" if summary.number else _text(document.name)
    return (
        f'<section class="invoice"><header><h3>{title}</h3>'
        f'<p class="soft">Acceptée, avec remarque : rien à redéposer.</p></header>\n'
        f"{_list(findings)}</section>"
    )


def _table(documents: Sequence[DocumentRow]) -> str:
    body = "\n".join(_table_row(document) for document in documents)
    return (
        '<table>\n<thead><tr><th class="number">Rang</th><th>Facture</th><th>Fournisseur</th>'
        '<th>Destinataire</th><th class="number">Montant TTC</th><th>Document</th></tr></thead>\n'
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def _table_row(document: DocumentRow) -> str:
    summary = document.summary or InvoiceSummary()
    amount = f"{summary.amount} {summary.currency}".strip()
    return (
        f'<tr><td class="number">{document.rank}</td><td>{_text(summary.number)}</td>'
        f"<td>{_party(summary.seller_name, summary.seller)}</td>"
        f"<td>{_party(summary.recipient_name, summary.recipient)}</td>"
        f'<td class="number">{_text(amount)}</td><td>{_text(document.name)}</td></tr>'
    )


def _rules(documents: Sequence[DocumentRow]) -> str:
    """Say by which versions of the rules the documents were judged, those alike together."""
    alike: dict[tuple[str, str, str], int] = {}
    for document in documents:
        reasons = (f"{one.rule} : {one.reason}" for one in document.not_checked)
        applied = (", ".join(document.rule_sets), document.directory_version or "")
        judged = (*applied, "\n".join(reasons))
        if any(judged):
            alike[judged] = alike.get(judged, 0) + 1
    if not alike:
        return ""
    return "<h2>Règles appliquées</h2>\n" + "\n".join(
        _definitions(
            ("Documents", str(count)),
            ("Jeux de règles", _code(sets)),
            ("Annuaire", _code(directory)),
            ("Non contrôlé", "<br>".join(map(_text, reasons.splitlines()))),
        )
        for (sets, directory, reasons), count in alike.items()
    )


def _footer(flux: Flux) -> str:
    return (
        "<footer><p>Ce compte rendu existe aussi en JSON, sous le même nom. Pour toute question, "
        f'citez le flux <span class="code">{_text(flux.numero_flux)}</span>.</p>'
        '<p lang="en">Integration report: for each refused invoice, what is wrong, where, and '
        "what to change.</p></footer>\n</body>\n</html>"
    )


def _definitions(*pairs: tuple[str, str]) -> str:
    shown = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs if value)
    return f"<dl>{shown}</dl>" if shown else ""


def _motive(motive: Motive | None) -> str:
    if motive is None:
        return ""
    return f'{_text(motives.LABELS[motive].fr)} <span class="code">({motive.value})</span>'


def _party(name: str, identifier: str) -> str:
    return "<br>".join(_text(part) for part in (name, identifier) if part)


def _text(value: str | None) -> str:
    return escape(value or "")


def _code(value: str | None) -> str:
    return f"<code>{escape(value)}</code>" if value else ""
