"""Nights of partners with rights of their own: refused, tried out, sent again, seen whole."""

from __future__ import annotations

import hashlib
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from chorus_edi import bootstrap
from chorus_edi.domain.flux import Flux
from chorus_edi.domain.motives import Motive
from chorus_edi.domain.statuses import DocumentState, FluxState
from chorus_edi.formats.writers import to_ubl
from chorus_edi.services.nights import flow_name, tar_gz, with_wrong_total
from chorus_edi.services.specimens import specimen
from chorus_edi.services.verification import VerificationOptions
from tests.builders import cii, ubl
from tests.crash.conftest import DataFolder, data_folder
from tests.crash.nights import RECIPIENTS, batch

INVOICE = ubl(number=1, recipient=RECIPIENTS[0])
WRONG = to_ubl(with_wrong_total(specimen(2, RECIPIENTS).invoice))
SHEET = b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>'
NAME = flow_name("FSO1150A", "ABC123", 1)


class StandingClock(NamedTuple):
    at: datetime

    def now(self) -> datetime:
        return self.at


Night = Callable[..., list[Flux]]


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return data_folder(tmp_path / "data", "", workers=1)


@pytest.fixture
def night(folder: DataFolder) -> Night:
    """Deposit files as one partner, run once, and return every flow so far in claim order."""

    def run(files: dict[str, bytes], agreed: str = "noms_libres = true") -> list[Flux]:
        (folder.root / "partenaires.toml").write_text(
            f'defaut = "ABC123"\n[[partenaire]]\ncode = "ABC123"\nnom = "Éditeur"\n{agreed}\n',
            encoding="utf-8",
        )
        inbox = folder.root / "inbox" / "ABC123"
        inbox.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (inbox / name).write_bytes(content)
        settings = bootstrap.load_settings(folder.config)
        bootstrap.run(settings, once=True)
        with bootstrap.open_store(settings) as store:
            return sorted(store.suivi(), key=lambda flux: flux.sequence)

    return run


def documents(folder: DataFolder, flux: Flux) -> list[DocumentState | None]:
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        return [document.state for document in store.documents(flux.numero_flux)]


def rules(folder: DataFolder, flux: Flux) -> set[str]:
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        return {row.finding.rule for row in store.findings(flux.numero_flux) if row.finding.fatal}


def delivered(folder: DataFolder) -> list[Path]:
    return sorted((folder.root / "outbox").glob("*/*/livraison.json"))


def reports(folder: DataFolder) -> list[str]:
    return sorted(path.name for path in (folder.root / "outbox" / "ABC123").glob("*.json"))


# -- rights --------------------------------------------------------------------------------------


def test_an_invoice_of_another_issuer_refuses_the_flow(folder: DataFolder, night: Night) -> None:
    (flux,) = night({"a.xml": INVOICE}, 'noms_libres = true\nsirets = ["21990001600011"]')

    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_CODE_APP)
    assert rules(folder, flux) == {"CE-FLUX-10"}
    assert delivered(folder) == []


def test_an_invoice_of_its_own_issuer_passes(folder: DataFolder, night: Night) -> None:
    siret = "".join(c for c in _seller(INVOICE) if c.isdigit())
    (flux,) = night({"a.xml": INVOICE}, f'noms_libres = true\nsirets = ["{siret}"]')

    assert flux.etat is FluxState.IN_INTEGRE


def _seller(content: bytes) -> str:
    found = etree.fromstring(content).xpath(
        "string(//*[local-name()='AccountingSupplierParty']"
        "//*[local-name()='PartyIdentification']/*[@schemeID='0009'])"
    )
    return str(found)


def test_a_format_that_is_not_open_to_the_partner_refuses_the_flow(night: Night) -> None:
    (flux,) = night({"a.xml": INVOICE}, 'noms_libres = true\nformats = ["cii"]')

    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_TYPE_F)


def test_a_named_flow_of_two_formats_is_refused_whole(folder: DataFolder, night: Night) -> None:
    mixed = tar_gz({"a.xml": INVOICE, "b.xml": cii(number=2, recipient=RECIPIENTS[0])})

    (flux,) = night({NAME: mixed})

    assert (flux.numero_flux, flux.motif) == (NAME[-25:], Motive.IRR_TYPE)
    assert rules(folder, flux) == {"CE-FLUX-14"}
    assert documents(folder, flux) == [DocumentState.IRRECEVABLE] * 2
    assert delivered(folder) == []


def test_a_style_sheet_is_kept_with_its_flow_and_not_counted(
    folder: DataFolder, night: Night
) -> None:
    (flux,) = night({NAME: tar_gz({"vue.xsl": SHEET, "a.xml": INVOICE})})

    assert (flux.etat, flux.factures, flux.integrees) == (FluxState.IN_INTEGRE, 1, 1)
    assert documents(folder, flux) == [DocumentState.ACCOMPAGNEMENT, DocumentState.INTEGRE]


def test_a_flow_of_companions_alone_holds_no_invoice(folder: DataFolder, night: Night) -> None:
    (flux,) = night({"vue.xsl": SHEET})

    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_VIDE)
    assert (flux.factures, rules(folder, flux)) == (0, {"CE-FLUX-13"})


# -- qualification -------------------------------------------------------------------------------

TRIAL = 'noms_libres = true\nmode = "qualification"'


@pytest.mark.parametrize(
    ("content", "etat", "state"),
    [
        (INVOICE, FluxState.QP_RECEVABLE, DocumentState.CONFORME),
        (WRONG, FluxState.QP_RECEVABLE_AVEC_ERREUR, DocumentState.REJETE),
        (b"<Invoice/>", FluxState.QP_IRRECEVABLE, DocumentState.IRRECEVABLE),
    ],
)
def test_in_qualification_a_flow_is_judged_and_reaches_nobody(
    folder: DataFolder, night: Night, content: bytes, etat: FluxState, state: DocumentState
) -> None:
    (flux,) = night({"a.xml": content}, TRIAL)

    assert (flux.etat, flux.integrees) == (etat, 0)
    assert documents(folder, flux) == [state]
    assert delivered(folder) == []
    assert reports(folder) == [f"{flux.numero_flux}_compte-rendu.json"]
    with bootstrap.open_store(bootstrap.load_settings(folder.config)) as store:
        assert list(store.factures()) == []


def test_what_was_tried_out_takes_no_number_and_may_be_sent_again(
    folder: DataFolder, night: Night
) -> None:
    night({"a.xml": INVOICE}, TRIAL)
    night({"a.xml": INVOICE}, TRIAL)

    first, second, real = night({"a.xml": INVOICE})

    assert [first.etat, second.etat] == [FluxState.QP_RECEVABLE] * 2
    assert real.etat is FluxState.IN_INTEGRE
    assert len(delivered(folder)) == 1


# -- sent again ----------------------------------------------------------------------------------


def test_the_same_bytes_again_are_refused_and_the_first_report_is_given_again(
    folder: DataFolder, night: Night
) -> None:
    (first,) = night({"a.xml": INVOICE})
    for report in (folder.root / "outbox" / "ABC123").iterdir():
        report.unlink()

    _, again = night({"autre-nom.xml": INVOICE})

    assert (again.etat, again.motif) == (FluxState.IN_REJETE, Motive.IRR_UNICITE)
    assert again.premier_flux == first.numero_flux
    assert reports(folder) == sorted(
        f"{flux.numero_flux}_compte-rendu.json" for flux in (first, again)
    )
    assert len(delivered(folder)) == 1


def test_the_first_report_is_given_again_whatever_else_is_wrong_with_the_second_flow(
    folder: DataFolder, night: Night
) -> None:
    (first,) = night({NAME: INVOICE})
    for report in (folder.root / "outbox" / "ABC123").iterdir():
        report.unlink()

    _, again = night({NAME: INVOICE}, 'interfaces = ["FSO1100A"]')

    assert again.motif is Motive.IRR_CODE_INTER
    assert rules(folder, again) == {"CE-FLUX-07", "CE-FLUX-01"}
    assert f"{first.numero_flux}_compte-rendu.json" in reports(folder)


# -- return channel ------------------------------------------------------------------------------


def test_a_partner_finds_his_reports_in_the_folder_that_was_agreed(
    folder: DataFolder, night: Night, tmp_path: Path
) -> None:
    home = tmp_path / "chez-eux" / "out"

    (flux,) = night({"a.xml": INVOICE}, f'noms_libres = true\nretour = {{ dossier = "{home}" }}')

    names = {path.name for path in home.iterdir()}
    assert names == {f"{flux.numero_flux}_compte-rendu.{kind}" for kind in ("json", "html")}
    assert reports(folder) == []
    assert len(delivered(folder)) == 1


def test_the_same_bytes_are_refused_however_often_they_come(night: Night) -> None:
    night({"a.xml": INVOICE})
    night({"b.xml": INVOICE})

    first, second, third = night({"c.xml": INVOICE})

    assert [flux.motif for flux in (second, third)] == [Motive.IRR_UNICITE] * 2
    assert {second.premier_flux, third.premier_flux} == {first.numero_flux}


def test_a_flow_number_is_refused_once_what_bears_it_was_integrated(night: Night) -> None:
    sound = tar_gz({"a.xml": ubl(number=8, recipient=RECIPIENTS[0])})
    night({NAME: b"<Invoice/>"})
    night({NAME: sound})

    refused, mended, again = night({NAME: tar_gz({"b.xml": INVOICE})})

    assert [refused.etat, mended.etat] == [FluxState.IN_REJETE, FluxState.IN_INTEGRE]
    assert (again.motif, again.premier_flux) == (Motive.IRR_UNICITE, mended.numero_flux)


def test_the_same_bytes_twice_in_one_night_are_one_flow(folder: DataFolder, night: Night) -> None:
    first, again = night({"a.xml": INVOICE, "b.xml": INVOICE})

    assert [first.etat, again.etat] == [FluxState.IN_INTEGRE, FluxState.IN_REJETE]
    assert again.premier_flux == first.numero_flux


def test_a_flow_partly_integrated_is_examined_anew_and_linked_to_the_first(
    folder: DataFolder, night: Night
) -> None:
    content = batch(3, seed=5, wrong=2)
    (first,) = night({"lot.tar.gz": content})
    assert first.etat is FluxState.IN_INTEGRE_PARTIEL

    _, again = night({"lot.tar.gz": content})

    assert again.premier_flux == first.numero_flux
    assert documents(folder, again) == [DocumentState.REJETE] * 3
    assert "CE-UNI-01" in rules(folder, again)


def test_the_same_flow_number_with_other_content_is_refused(night: Night) -> None:
    night({NAME: tar_gz({"a.xml": INVOICE})})

    first, again = night({NAME: tar_gz({"b.xml": ubl(number=7, recipient=RECIPIENTS[0])})})

    assert (again.motif, again.premier_flux) == (Motive.IRR_UNICITE, first.numero_flux)


def test_validate_says_of_a_deposit_what_the_intake_says(
    folder: DataFolder, night: Night, tmp_path: Path
) -> None:
    agreed = 'interfaces = ["FSO1150A", "FSO1117A"]\nformats = ["ubl"]\nlimites = { factures = 2 }'
    files = {
        NAME: INVOICE,
        "facture.xml": INVOICE,
        flow_name("FSO1150A", "DEF456", 2): INVOICE,
        flow_name("FSO1100A", "ABC123", 3): INVOICE,
        flow_name("FSO9999A", "ABC123", 4): INVOICE,
        flow_name("FSO1117A", "ABC123", 5): INVOICE,
        flow_name("FSO1150A", "ABC123", 6): b"",
        flow_name("FSO1150A", "ABC123", 7): tar_gz({f"{n}.xml": WRONG for n in range(3)}),
        flow_name("FSO1150A", "ABC123", 8): tar_gz({"vue.xsl": SHEET}),
        flow_name("FSO1150A", "ABC123", 9): tar_gz({"a.xml": WRONG, "a&b.xml": WRONG}),
        flow_name("FSO1150A", "ABC123", 10): cii(number=2, recipient=RECIPIENTS[0]),
        flow_name("FSO1150A", "ABC123", 11): tar_gz({"a.xml": WRONG})[:-20],
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    deposited = {flux.nom_fichier: flux.motif for flux in night(files, agreed)}

    options = VerificationOptions(partner="ABC123", config=folder.config)
    found = list(bootstrap.verify([tmp_path / name for name in files], options))

    validated = {
        name: next((row["motif"] for row in found if row["path"] == str(tmp_path / name)), None)
        for name in files
    }
    assert validated == deposited
    assert len({*filter(None, deposited.values())}) == 10


# -- declared whole ------------------------------------------------------------------------------


def test_a_manifest_goes_with_its_file_into_the_archive(folder: DataFolder, night: Night) -> None:
    manifest = f"{hashlib.sha256(INVOICE).hexdigest()} {len(INVOICE)}\n".encode()
    agreed = 'noms_libres = true\narrivee = { regle = "manifeste" }'

    assert night({"a.xml": INVOICE}, agreed) == []
    (flux,) = night({"a.xml.manifest": manifest}, agreed)

    assert flux.etat is FluxState.IN_INTEGRE
    shelf = folder.root / "var" / "archive"
    assert sorted(path.name for path in shelf.rglob("a.*")) == ["a.xml", "a.xml.temoin"]
    assert folder.under_way() == []


def test_a_manifest_is_kept_though_the_agreement_changed_meanwhile(
    folder: DataFolder, night: Night
) -> None:
    manifest = f"{hashlib.sha256(INVOICE).hexdigest()} {len(INVOICE)}\n".encode()
    night({}, 'noms_libres = true\narrivee = { regle = "manifeste" }')
    inbox = folder.root / "inbox" / "ABC123"
    (inbox / "a.xml").write_bytes(INVOICE)
    (inbox / "a.xml.manifest").write_bytes(manifest)
    assert folder.run_killed("taken") == -signal.SIGKILL

    (flux,) = night({})

    assert flux.etat is FluxState.IN_INTEGRE
    assert [path.read_bytes() for path in folder.root.rglob("*.temoin")] == [manifest]


def test_single_runs_give_up_a_file_that_nobody_declares_whole(
    folder: DataFolder, night: Night
) -> None:
    agreed = 'noms_libres = true\narrivee = { regle = "temoin", abandon = 1 }'
    assert night({"a.xml": INVOICE}, agreed) == []
    clock = bootstrap.system_clock().now() + timedelta(seconds=2)

    bootstrap.run(bootstrap.load_settings(folder.config), once=True, clock=StandingClock(clock))

    (flux,) = night({}, agreed)
    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_EXTRAC)
    assert rules(folder, flux) == {"CE-FLUX-11"}
    assert reports(folder) == [f"{flux.numero_flux}_compte-rendu.json"]


def test_a_manifest_that_tells_other_bytes_refuses_the_flow(
    folder: DataFolder, night: Night
) -> None:
    agreed = 'noms_libres = true\narrivee = { regle = "manifeste" }'

    (flux,) = night({"a.xml": INVOICE, "a.xml.manifest": b"00 1"}, agreed)

    assert (flux.etat, flux.motif) == (FluxState.IN_REJETE, Motive.IRR_EXTRAC)
    assert rules(folder, flux) == {"CE-FLUX-12"}
