"""Events reach people by a real mail server and a real command, at least once, or later."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from chorus_edi.adapters.notifiers import CommandNotifier, MailNotifier, MailServer, Security
from chorus_edi.adapters.store.journal import SqlJournal
from chorus_edi.domain.operations import Operation, OperationKind
from chorus_edi.errors import Incident
from chorus_edi.ports.notifying import Notifier
from chorus_edi.services.notification import Notification
from tests.mail import Mailbox, Server, only, trusting
from tests.watch import HandClock, local

AT = local("2026-11-21T23:00")
WEEK = timedelta(days=7)


def event(number: int = 1, at: Any = AT) -> Operation:
    return Operation(
        key=f"silence:ABC123:{number}",
        kind=OperationKind.SILENCE,
        subject="ABC123",
        detail=f"Rien reçu de « Papier » : créneau n° {number}.",
        at=at,
    )


Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts mail servers, and stops them at the end of the test."""
    started: list[Server] = []

    def run(mailbox: Mailbox, **options: Any) -> Server:
        server = Server(mailbox, **options)
        server.start()
        started.append(server)
        return server

    yield run
    for server in started:
        server.stop()


def by_mail(port: int, trust: ssl.SSLContext | None = None, **how: Any) -> MailNotifier:
    values = {
        "host": "127.0.0.1",
        "sender": "edi@exemple.fr",
        "recipients": ("garde@exemple.fr",),
        "patience": 10,
    }
    return MailNotifier(MailServer(port=port, **{**values, **how}), trust)


class Told:
    """A journal, a clock, and what tells."""

    def __init__(self, engine: Engine, *notifiers: Notifier) -> None:
        self.journal = SqlJournal(engine)
        self.clock = HandClock(AT)
        self.notification = Notification(notifiers, WEEK)

    def tell(self) -> str:
        return self.notification.tell(self.journal, self.clock)

    def pending(self) -> list[str]:
        return [one.key for one in self.journal.operations(pending=True)]


def test_a_mail_says_in_french_what_happened(start: Start) -> None:
    mailbox = Mailbox()
    server = start(mailbox)

    by_mail(server.port, recipients=("garde@exemple.fr", "chef@exemple.fr")).tell(event())

    (mail,) = mailbox.mails
    assert mailbox.recipients == ["garde@exemple.fr", "chef@exemple.fr"]
    assert mail["Subject"] == "[chorus-edi] Dépôt attendu non reçu : ABC123"
    assert mail["From"] == "edi@exemple.fr"
    assert mail["Date"] == "Sat, 21 Nov 2026 23:00:00 +0100"
    assert mail.get_content().splitlines() == [
        "Dépôt attendu non reçu : ABC123",
        "21/11/2026 23:00",
        "",
        "Rien reçu de « Papier » : créneau n° 1.",
        "",
        "Tous les événements : chorus-edi evenements",
    ]


def test_the_same_event_makes_the_same_mail(start: Start) -> None:
    mailbox = Mailbox()
    notifier = by_mail(start(mailbox).port)

    for number in (1, 1, 2):
        notifier.tell(event(number))

    first, again, other = (mail["Message-ID"] for mail in mailbox.mails)
    assert first == again != other


def test_nothing_is_lost_while_the_mail_server_is_down(engine: Engine, start: Start) -> None:
    mailbox = Mailbox()
    server = start(mailbox)
    server.stop()
    told = Told(engine, by_mail(server.port))
    told.journal.signal(event(1))
    told.journal.signal(event(2))

    with pytest.raises(Incident, match=rf"127\.0\.0\.1:{server.port} : connexion refusée"):
        told.tell()
    assert told.pending() == [event(1).key, event(2).key]

    server.start()
    told.clock.forward(minutes=2)
    assert told.tell() == "2 événements notifiés, 0 en attente."
    assert told.tell() == "0 événement notifié, 0 en attente."

    assert [mail["Subject"] for mail in mailbox.mails] == 2 * [
        "[chorus-edi] Dépôt attendu non reçu : ABC123"
    ]
    assert told.journal.operations()[0].notified_at == told.clock.now()


def test_recipients_that_are_all_refused_leave_the_event_untold(start: Start) -> None:
    mailbox = Mailbox(refused=["garde@exemple.fr"])

    with pytest.raises(Incident, match=r"refuse garde@exemple\.fr"):
        by_mail(start(mailbox).port).tell(event())

    assert mailbox.mails == []


def test_what_the_server_answers_is_told(start: Start) -> None:
    mailbox = Mailbox(full=True)

    with pytest.raises(Incident, match=r": code 452 : mailbox full$"):
        by_mail(start(mailbox).port).tell(event())


def test_a_server_that_nobody_knows_told_nobody() -> None:
    with pytest.raises(Incident, match="nom de serveur inconnu"):
        by_mail(25, host="nowhere.invalid").tell(event())


def test_one_recipient_that_is_refused_keeps_nobody_else_from_being_told(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox = Mailbox(refused=["parti@exemple.fr"])

    by_mail(start(mailbox).port, recipients=("parti@exemple.fr", "garde@exemple.fr")).tell(event())

    assert mailbox.recipients == ["garde@exemple.fr"]
    assert "refuse parti@exemple.fr" in caplog.text


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for loopback and its key, in one file."""
    pem = tmp_path / "server.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", tmp_path / "key", "-out", tmp_path / "crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    pem.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "crt").read_bytes())
    return pem


@pytest.fixture
def encrypted(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


def test_a_mail_travels_encrypted_and_its_sender_is_known(
    start: Start, certificate: Path, encrypted: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    server = start(
        mailbox,
        tls_context=encrypted,
        require_starttls=True,
        auth_required=True,
        authenticator=only("edi", "secret"),
    )
    known = {"security": Security.STARTTLS, "user": "edi"}
    trust = trusting(str(certificate))

    by_mail(server.port, trust, password="secret", **known).tell(event())
    assert len(mailbox.mails) == 1

    with pytest.raises(Incident, match="refuse l'utilisateur edi"):
        by_mail(server.port, trust, password="faux", **known).tell(event())
    with pytest.raises(Incident, match=r"chiffrement impossible \(CERTIFICATE_VERIFY_FAILED\)"):
        by_mail(server.port, password="secret", **known).tell(event())
    assert len(mailbox.mails) == 1


def test_a_mail_travels_through_tls_from_the_first_byte(
    start: Start, certificate: Path, encrypted: ssl.SSLContext
) -> None:
    mailbox = Mailbox()
    server = start(mailbox, ssl_context=encrypted)

    by_mail(server.port, trusting(str(certificate)), security=Security.TLS).tell(event())

    assert len(mailbox.mails) == 1


def script(folder: Path, *lines: str) -> tuple[str, ...]:
    path = folder / "notify.py"
    path.write_text("\n".join(("import json, sys", *lines)), encoding="utf-8")
    return (sys.executable, "-X", "utf8", str(path))


def test_a_command_gets_the_event_as_json(tmp_path: Path) -> None:
    out = tmp_path / "got.json"
    command = script(tmp_path, f"open({str(out)!r}, 'w').write(json.dumps(json.load(sys.stdin)))")

    CommandNotifier(command, 30).tell(event())

    assert json.loads(out.read_text()) == {
        "cle": "silence:ABC123:1",
        "genre": "SILENCE",
        "libelle": "Dépôt attendu non reçu",
        "sujet": "ABC123",
        "detail": "Rien reçu de « Papier » : créneau n° 1.",
        "date": "2026-11-21T23:00:00+01:00",
    }


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("sys.exit('pas de réseau')", "a échoué (code 1) : pas de réseau"),
        ("import time; time.sleep(60)", "plus de 1 secondes"),
    ],
)
def test_a_command_that_fails_or_is_late_told_nobody(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(Incident) as caught:
        CommandNotifier(script(tmp_path, line), 1).tell(event())

    assert told in str(caught.value)


def test_a_command_that_reads_nothing_may_still_have_told(tmp_path: Path) -> None:
    CommandNotifier(script(tmp_path, "sys.stdin.close()"), 30).tell(event())


def test_a_command_that_is_not_there_told_nobody() -> None:
    with pytest.raises(Incident, match="ne part pas : fichier ou dossier introuvable"):
        CommandNotifier(["/nowhere/notify"], 5).tell(event())


class Fails:
    """Tells nobody of some events, and remembers what it was asked for."""

    def __init__(self, *keys: str) -> None:
        self.keys = set(keys)
        self.asked: list[str] = []

    def tell(self, operation: Operation) -> None:
        self.asked.append(operation.key)
        if operation.key in self.keys:
            raise Incident("non")


def test_an_event_that_cannot_be_told_keeps_no_other_from_being_told(engine: Engine) -> None:
    fails = Fails(event(1).key)
    told = Told(engine, fails)
    for number in (1, 2, 3):
        told.journal.signal(event(number))

    assert told.tell() == "2 événements notifiés, 1 en attente."

    assert told.pending() == [event(1).key]


def test_an_event_that_cannot_be_told_is_tried_again_ever_more_seldom(engine: Engine) -> None:
    fails = Fails(event(1).key)
    told = Told(engine, fails)
    told.journal.signal(event(1))
    tried = []
    for minute in range(150):
        before = len(fails.asked)
        try:
            told.tell()
        except Incident:
            assert len(fails.asked) == before + 1
        if len(fails.asked) > before:
            tried.append(minute)
        told.clock.forward(minutes=1)

    assert tried == [0, 1, 3, 7, 15, 31, 61, 91, 121]
    assert told.pending() == [event(1).key]


def test_a_server_that_is_down_is_not_asked_for_each_event(engine: Engine) -> None:
    fails = Fails(*(event(number).key for number in range(9)))
    told = Told(engine, fails)
    for number in range(9):
        told.journal.signal(event(number))

    with pytest.raises(Incident):
        told.tell()

    assert len(fails.asked) == 3


def test_an_event_is_told_by_every_way_before_it_counts_as_told(engine: Engine) -> None:
    works, fails = Fails(), Fails(event(1).key)
    told = Told(engine, works, fails)
    told.journal.signal(event(1))
    with pytest.raises(Incident):
        told.tell()
    assert told.pending() == [event(1).key]

    fails.keys.clear()
    told.clock.forward(minutes=5)
    told.tell()

    assert told.pending() == []
    assert len(works.asked) == 2, "told twice rather than never"


def test_old_events_are_only_listed(engine: Engine) -> None:
    told = Told(engine, notifier := Fails())
    told.journal.signal(event(1, AT - WEEK - timedelta(minutes=1)))
    told.journal.signal(event(2, AT - WEEK))

    told.tell()

    assert notifier.asked == [event(2).key]


def test_with_nobody_to_tell_events_wait_in_the_list(engine: Engine) -> None:
    told = Told(engine)
    told.journal.signal(event(1))

    assert told.tell() == "Aucun canal de notification ; 1 événement à lire."
    assert told.pending() == [event(1).key]
