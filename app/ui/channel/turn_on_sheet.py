"""The sheet that turns the channel on: where the gateway is, and what will happen, before anything does."""

import re
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from app.domain.channel import LOOPBACK_HOSTS, GatewayPlace
from app.ui.channel.words import gateway_words
from app.ui.components import Button, ButtonKind, CheckBox, Text
from app.ui.components.facts import ButtonRow, FactSheet
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle

MAX_ADDRESS_CHARS = 260
_ADDRESS = re.compile(r"\s*([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?\s*")
_PAGE = re.compile(
    r"https://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?/?|http://(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?/?"
)
_MAX_PORT = 65_535
_TLS_PORT = 443


def parse_address(untrusted_text: str) -> tuple[str, int] | None:
    """Return host and port of what was typed ("name", "name:port", "[v6]:port"), None when it is neither."""
    found = _ADDRESS.fullmatch(untrusted_text)
    if found is None:
        return None
    port = int(found[2]) if found[2] else _TLS_PORT
    return (found[1].strip("[]"), port) if 0 < port <= _MAX_PORT else None


def parse_page(untrusted_text: str) -> str | None:
    """Return the page's address, ending in "/", None when it is none: https, or http on this machine alone."""
    text = untrusted_text.strip()
    return f"{text.rstrip('/')}/" if _PAGE.fullmatch(text) else None


class TurnOnSheet(ScrollSheet):
    """Two addresses, five facts and a button that names the address it will contact."""

    #: Turn it on; argument: ``GatewayPlace``.
    turn_on_wanted = Signal(object)

    def __init__(self, window: QWidget, *, is_demo: bool = False, fixed: str = "", ca_file: Path | None = None) -> None:
        super().__init__(window, "", width_px=680)
        self._is_demo, self._fixed, self._fixed_ca = is_demo, fixed, ca_file
        self.name(self.tr("Turn the patient channel on"))
        self._ca_file: Path | None = None
        self._has_own_page = False
        self.gateway = QLineEdit()
        self.gateway.setMaxLength(MAX_ADDRESS_CHARS)
        self.gateway.setPlaceholderText("gateway.example:443")
        self.page = QLineEdit()
        self.page.setMaxLength(MAX_ADDRESS_CHARS)
        self.page.setPlaceholderText("https://gateway.example/")
        self.tls = CheckBox(self.tr("The connection is encrypted with a certificate (TLS)"))
        self.tls.setChecked(True)
        self.certificate = Button(self.tr("Trust a certificate of the office's own…"), icon=IconName.KEY)
        self._problem = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._fixed_words = Text(self.tr("The gateway is fixed for this machine by IT."), TextStyle.SMALL, ink="faint")
        self.button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.SEND)
        self.keep = Button(self.tr("Leave it off"), kind=ButtonKind.QUIET)
        self._lay_out()
        self._connect()

    def ask(self, place: GatewayPlace | None) -> None:
        """Ask where the gateway is, beginning with what was used before."""
        self._has_own_page = place is not None
        self._ca_file = self._fixed_ca or (place.ca_file if place is not None else None)
        self.gateway.setText(self._fixed or gateway_words(place))
        self.gateway.setReadOnly(bool(self._fixed))
        self.page.setText(place.page_url if place is not None else "")
        self.tls.setChecked(place.is_tls if place is not None else True)
        if place is None and self._fixed:
            self._on_typed(self._fixed)
        self._dress()
        self.open(self.page if self._fixed else self.gateway)

    def place(self) -> GatewayPlace | None:
        """What is typed, None while something is missing."""
        address, page = parse_address(self.gateway.text()), parse_page(self.page.text())
        if address is None or page is None or (self._is_demo and address[0] not in LOOPBACK_HOSTS):
            return None
        return GatewayPlace(address[0], address[1], page, self.tls.isChecked(), self._ca_file)

    def facts(self) -> str:
        """What the sheet says will happen, for tests and screen readers."""
        return self._facts.words()

    def use_certificate(self, file: Path | None) -> None:
        """Trust the certificates in ``file`` instead of the system's."""
        self._ca_file = file
        self._dress()

    def _on_typed(self, _text: str) -> None:
        address = parse_address(self.gateway.text())
        if not self._has_own_page:
            port = "" if address is None or address[1] == _TLS_PORT else f":{address[1]}"
            self.page.setText("" if address is None else f"https://{address[0]}{port}/")
        self._dress()

    def _on_page(self, _text: str) -> None:
        self._has_own_page = True
        self._dress()

    def _pick_certificate(self) -> None:
        options = QFileDialog.Option.DontUseNativeDialog
        chosen, _kind = QFileDialog.getOpenFileName(
            self.window(), self.tr("A certificate"), "", self.tr("Certificates (*.pem *.crt)"), options=options
        )
        if chosen:
            self.use_certificate(Path(chosen))

    def _submit(self) -> None:
        place = self.place()
        if place is not None:
            self.close_sheet()
            self.turn_on_wanted.emit(place)

    def _dress(self) -> None:
        place = self.place()
        where = gateway_words(place) if place is not None else self.tr("the gateway")
        self.button.setText(self.tr("Turn on and contact {gateway}").format(gateway=where))
        self.button.setEnabled(place is not None)
        self._contacted.set_untrusted(
            self.tr("{gateway}, and no other address. Its name is looked up once for each try.").format(gateway=where)
        )
        self._fixed_words.setVisible(bool(self._fixed))
        missing = "" if place is not None or not self.gateway.text() else self._missing()
        if not self.tls.isChecked():
            missing = missing or self.tr(
                "Without TLS, whoever stands between sees the sign-in. Only for a gateway on this machine or behind"
                " a tunnel of your own."
            )
        self._problem.setText(missing)
        self._problem.setVisible(bool(missing))
        own = self._ca_file
        self.certificate.setText(
            self.tr("Trust a certificate of the office's own…")
            if own is None
            else self.tr("Certificate: {name}").format(name=own.name)
        )
        self.certificate.setEnabled(self.tls.isChecked() and self._fixed_ca is None)
        self.refit()

    def _missing(self) -> str:
        address = parse_address(self.gateway.text())
        if self._is_demo and address is not None and address[0] not in LOOPBACK_HOSTS:
            return self.tr("This is a demonstration vault: it only talks to a gateway on this machine (localhost).")
        if parse_address(self.gateway.text()) is None:
            return self.tr("The gateway is a name and a port, such as gateway.example:443.")
        return self.tr("The page is https:// and a name. Patients see this name in their link.")

    def _connect(self) -> None:
        self.gateway.textEdited.connect(self._on_typed)
        self.page.textEdited.connect(self._on_page)
        self.tls.toggled.connect(lambda _is_on: self._dress())
        self.certificate.clicked.connect(self._pick_certificate)
        self.gateway.returnPressed.connect(self.page.setFocus)
        self.page.returnPressed.connect(self._submit)
        self.button.clicked.connect(self._submit)
        self.keep.clicked.connect(self.close_sheet)

    def _lay_out(self) -> None:
        for words, field in ((self.tr("Gateway"), self.gateway), (self.tr("Address of the page"), self.page)):
            caption = Text(words, TextStyle.SMALL_STRONG)
            caption.setBuddy(field)
            field.setAccessibleName(words)
            self.put(caption, field)
        self.put(self._fixed_words, self.tls, ButtonRow(self.certificate), self._problem)
        self._facts = FactSheet()
        self._contacted = self._facts.add(self.tr("Contacted"))
        for name, words in self._fixed_facts():
            self._facts.add(name).set_untrusted(words)
        self.put(Text(self.tr("WHAT WILL HAPPEN"), TextStyle.CAPTION, ink="faint"), self._facts)
        self.put_buttons(self.button, self.keep)

    def _fixed_facts(self) -> tuple[tuple[str, str], ...]:
        return (
            (
                self.tr("By which process"),
                self.tr(
                    "One of its own, the link. It holds no key and reads no file; the console itself still cannot"
                    " open a connection."
                ),
            ),
            (
                self.tr("Its host can see"),
                self.tr(
                    "That this office and some browsers are connected, when and from which internet address, and how"
                    " large the padded messages are."
                ),
            ),
            (
                self.tr("It cannot see"),
                self.tr("Names, words, files. It cannot change them or write in your name without being noticed."),
            ),
            (
                self.tr("Stays here"),
                self.tr("Every conversation, every draft, every key. The gateway keeps only what is on its way."),
            ),
            (
                self.tr("To undo it"),
                self.tr("Turn it off here: the connection ends at once, and nothing of yours is lost."),
            ),
        )
