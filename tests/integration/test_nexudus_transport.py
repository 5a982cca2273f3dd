"""The transport over real sockets: connections that grow stale, answers that drip, hosts that are not there."""

import gzip
import re
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from io import DEFAULT_BUFFER_SIZE
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from leadcapture.errors import NotSent, OutcomeUnknown, Throttled
from leadcapture.nexudus.calls import CREATE_CUSTOMER, FIND_CUSTOMERS, SIGN_IN
from leadcapture.nexudus.reading import LONGEST_BODY_BYTES
from leadcapture.nexudus.transport import Transport

TLS_HELLO = b"\x16"
MADE = b'{"WasSuccessful": true, "Value": {"Id": 1}, "Records": []}'
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def read_request(connection):
    """Read one whole request, however many pieces it comes in, and return it."""
    data = b""
    while b"\r\n\r\n" not in data and not data.startswith(TLS_HELLO):
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length.group(1)):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


class OneAnswerServer:
    """Answers the first request of each connection, reads the second, and hangs up without a word."""

    def __init__(self, answer=None):
        self._answer = answer or (lambda connection: connection.sendall(HEAD % len(MADE) + MADE))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self.requests = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with connection:
            try:
                self.requests.append(read_request(connection))
                self._answer(connection)
                read_request(connection)
            except OSError:
                return


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("idle", "leaf"), [(3.9, OutcomeUnknown), (4.1, None)])
def test_exchange__create_never_goes_out_on_a_stale_connection(idle, leaf):
    clock = Clock()
    with OneAnswerServer() as server:
        transport = Transport(server.url, 5, monotonic=clock)
        transport.exchange(FIND_CUSTOMERS)
        clock.now += idle

        if leaf:
            with pytest.raises(leaf):
                transport.exchange(CREATE_CUSTOMER, record={})
        else:
            transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == (1 if leaf else 2)
        transport.close()


PACKED = gzip.compress(MADE)
IN_TWO = gzip.compress(MADE[:20]) + gzip.compress(MADE[20:])
KEPT = {
    "plain": HEAD % len(MADE) + MADE,
    "packed": (HEAD % len(PACKED)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + PACKED,
    "packed in two": (HEAD % len(IN_TWO)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + IN_TWO,
    "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(MADE), MADE),
}


@pytest.mark.parametrize("reply", KEPT.values(), ids=KEPT)
def test_exchange__connection_is_kept(reply):
    def twice(connection):
        connection.sendall(reply)
        read_request(connection)
        connection.sendall(reply)

    with OneAnswerServer(twice) as server:
        transport = Transport(server.url, 5)
        transport.exchange(FIND_CUSTOMERS)

        assert transport.exchange(CREATE_CUSTOMER, record={}).record["Value"] == {"Id": 1}
        assert server.connections == 1
        transport.close()


def test_exchange__request_as_it_is_written():
    with OneAnswerServer() as server:
        transport = Transport(server.url)
        transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"}, headers={"Authorization": "Bearer t"})
        transport.close()

    [request] = server.requests
    head, _, body = request.decode().partition("\r\n\r\n")
    first, *headers = head.split("\r\n")
    assert first == "POST /api/spaces/coworkers HTTP/1.1"
    assert headers.count(f"Host: {server.url.removeprefix('http://')}") == 1
    assert {"Authorization: Bearer t", "Content-Type: application/json", f"Content-Length: {len(body)}"} <= {*headers}
    assert body == '{"Email": "ada@example.com"}'


def test_exchange__connection_is_kept_over_an_empty_refusal():
    def wait_then_answer(connection):
        connection.sendall(b"HTTP/1.1 409 You must wait\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        read_request(connection)
        connection.sendall(KEPT["plain"])

    with OneAnswerServer(wait_then_answer) as server:
        transport = Transport(server.url, 5)
        with pytest.raises(Throttled):
            transport.exchange(CREATE_CUSTOMER, record={})
        transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == 1
        transport.close()


def test_exchange__answer_that_drips_is_cut_off():
    def drip(connection):
        connection.sendall(HEAD % 1000)
        for _ in range(100):
            connection.sendall(b" ")
            time.sleep(0.05)

    started = time.monotonic()
    with OneAnswerServer(drip) as server, pytest.raises(OutcomeUnknown):
        Transport(server.url, 0.5).exchange(CREATE_CUSTOMER, record={})
    assert time.monotonic() - started < 3


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x"
DRIPS = {
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
    "one first word after another": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "what is said of a chunk": (CHUNKED % len(MADE) + b";", b"a"),
    "what follows the chunks": (CHUNKED % len(MADE) + b"\r\n" + MADE + b"\r\n0\r\n", b"X: y\r\n"),
}


@pytest.mark.parametrize(("first", "drop"), DRIPS.values(), ids=DRIPS)
def test_exchange__call_takes_no_longer_than_it_may(first, drop):
    """Its lease would be over, and the lead another's, while the create is on its way still."""

    def drip(connection):
        connection.sendall(first)
        for _ in range(60):
            connection.sendall(drop)
            time.sleep(0.05)

    started = time.monotonic()
    with OneAnswerServer(drip) as server, pytest.raises(OutcomeUnknown):
        Transport(server.url, 0.5).exchange(CREATE_CUSTOMER, record={})
    assert time.monotonic() - started < 2


def test_exchange__half_an_answer_is_unknown():
    def half(connection):
        connection.sendall(HEAD % 1000 + MADE)
        connection.shutdown(socket.SHUT_RDWR)

    with OneAnswerServer(half) as server, pytest.raises(OutcomeUnknown):
        Transport(server.url, 5).exchange(CREATE_CUSTOMER, record={})


HALF_A_WORD = {
    "half a head": b"HTTP/1.1 400 Bad Request\r\nContent-Ty",
    "packed, and half of that": b"HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip\r\n\r\n" + PACKED[:10],
}


@pytest.mark.parametrize("reply", HALF_A_WORD.values(), ids=HALF_A_WORD)
def test_exchange__half_an_answer_refuses_no_sign_in(reply):
    def half(connection):
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with OneAnswerServer(half) as server, pytest.raises(NotSent):
        Transport(server.url, 5).exchange(SIGN_IN, form={})


CUT = {
    "in the middle of a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s"
    % (len(MADE) + 9, MADE),
    "a chunk smaller than nothing": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-%s\r\n" % (b"f" * 20),
    "after a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(MADE), MADE),
    "packed, without an end": (HEAD % (len(PACKED) - 8)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    + PACKED[:-8],
    "packed, but is not": (HEAD % len(MADE)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + MADE,
    "no HTTP": b"220 mail.example.com ESMTP\r\n",
    "nothing": b"",
}


@pytest.mark.parametrize("reply", CUT.values(), ids=CUT)
def test_exchange__answer_that_is_not_whole_is_unknown(reply):
    def cut(connection):
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with OneAnswerServer(cut) as server:
        transport = Transport(server.url, 5)
        with pytest.raises(OutcomeUnknown):
            transport.exchange(CREATE_CUSTOMER, record={})
        transport.close()


LONG = b" " * (LONGEST_BODY_BYTES + 1)
BOMB = gzip.compress(b" " * 50 * LONGEST_BODY_BYTES)
TOO_LONG = {
    "plain": HEAD % len(LONG) + LONG,
    "packed": (HEAD % len(BOMB)).replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n") + BOMB,
}


@pytest.mark.parametrize("reply", TOO_LONG.values(), ids=TOO_LONG)
def test_exchange__answer_that_is_too_long_is_unknown(reply):
    with OneAnswerServer(lambda connection: connection.sendall(reply)) as server:
        transport = Transport(server.url, 5)
        with pytest.raises(OutcomeUnknown):
            transport.exchange(CREATE_CUSTOMER, record={})
        transport.close()


def test_exchange__answer_of_one_request_is_never_taken_for_that_of_the_next():
    """A first word before the answer (103) that isn't read as one would shift all answers by one."""

    def hint_first(connection):
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        connection.sendall(KEPT["plain"].replace(b'"Id": 1', b'"Id": 8'))
        read_request(connection)
        connection.sendall(KEPT["plain"])

    with OneAnswerServer(hint_first) as server:
        transport = Transport(server.url, 5)
        with pytest.raises(NotSent):
            transport.exchange(FIND_CUSTOMERS)
        with pytest.raises(OutcomeUnknown):
            transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == 2
        transport.close()


def test_exchange__line_that_the_server_closes_is_not_used_again():
    def last_answer(connection):
        connection.sendall(KEPT["plain"].replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))

    with OneAnswerServer(last_answer) as server:
        transport = Transport(server.url, 5)
        transport.exchange(CREATE_CUSTOMER, record={})
        transport.exchange(CREATE_CUSTOMER, record={})

        assert server.connections == 2
        transport.close()


@pytest.fixture
def behind(monkeypatch):
    """Name the proxy for a scheme."""
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return lambda scheme, url: monkeypatch.setenv(f"{scheme}_proxy", url)


def test_exchange__proxy_is_told_the_whole_address_and_who_asks(behind):
    with OneAnswerServer() as proxy:
        behind("http", proxy.url.replace("//", "//me:secret@"))
        transport = Transport("http://crm.example.com:8080")
        transport.exchange(FIND_CUSTOMERS, query={"size": 100})
        transport.close()

    [request] = proxy.requests
    first, *headers = request.decode().split("\r\n")
    assert first == "GET http://crm.example.com:8080/api/spaces/coworkers?size=100 HTTP/1.1"
    assert {"Host: crm.example.com:8080", "Proxy-Authorization: Basic bWU6c2VjcmV0"} <= {*headers}


NO_WAY = {"refused": b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "left": b"", "no HTTP": b"hello\r\n"}


@pytest.mark.parametrize("reply", NO_WAY.values(), ids=NO_WAY)
def test_exchange__tunnel_that_does_not_open_has_sent_nothing(behind, reply):
    def refuse(connection):
        connection.sendall(reply)
        connection.shutdown(socket.SHUT_RDWR)

    with OneAnswerServer(refuse) as proxy:
        behind("https", proxy.url)
        transport = Transport("https://crm.example.com")
        with pytest.raises(NotSent):
            transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()

    [request] = proxy.requests
    assert request.startswith(b"CONNECT crm.example.com:443 ")
    assert b"ada" not in request


def test_exchange__nobody_is_there_for_the_proxy(behind):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        behind("http", f"http://127.0.0.1:{listener.getsockname()[1]}")

    with pytest.raises(NotSent):
        Transport("http://crm.example.com").exchange(CREATE_CUSTOMER, record={})


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    """A key with a certificate for 127.0.0.1 that it has signed itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("identity") / "both.pem"
    path.write_bytes(private + certificate.public_bytes(pem))
    return str(path)


class TlsServer(OneAnswerServer):
    """The same behind TLS; with `tunnel` a proxy's CONNECT comes first, which is granted."""

    def __init__(self, identity, tunnel=False, answer=None):
        super().__init__(answer)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(identity)
        self._tunnel = tunnel

    def _serve(self, connection):
        if self._tunnel:
            self.requests.append(read_request(connection))
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            secret = self._context.wrap_socket(connection, server_side=True)
        except OSError:
            return
        super()._serve(secret)


@pytest.mark.parametrize("tunnel", [False, True])
def test_exchange__over_tls(monkeypatch, behind, identity, tunnel):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", identity)
    with TlsServer(identity, tunnel) as server:
        if tunnel:
            behind("https", server.url)
        transport = Transport(server.url.replace("http:", "https:"), 5)
        transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()

    assert server.connections == 1
    assert server.requests[-1].startswith(b"POST /api/spaces/coworkers HTTP/1.1\r\n")
    assert [one.startswith(b"CONNECT ") for one in server.requests] == ([True, False] if tunnel else [False])


def test_exchange__what_tls_holds_back_is_not_the_next_answer(monkeypatch, behind, identity):
    """More than an answer in one piece: as much as is read at once, and another that no look at the line shows."""
    head, _, body = KEPT["plain"].partition(b"\r\n\r\n")
    filler = b"a" * (DEFAULT_BUFFER_SIZE - len(KEPT["plain"]) - len("\r\nX: "))
    wrong = KEPT["plain"].replace(b'"Id": 1', b'"Id": 8')

    def say_more(connection):
        connection.sendall(head + b"\r\nX: " + filler + b"\r\n\r\n" + body + wrong)

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", identity)
    with TlsServer(identity, answer=say_more) as server:
        transport = Transport(server.url.replace("http:", "https:"), 5)
        made = [transport.exchange(CREATE_CUSTOMER, record={}).record["Value"]["Id"] for _ in range(2)]
        transport.close()

    assert made == [1, 1]
    assert server.connections == 2


def test_exchange__tls_line_is_kept(monkeypatch, behind, identity):
    """The tickets that come with TLS 1.3 are nothing that the server says."""

    def thrice(connection):
        connection.sendall(KEPT["plain"])
        for _ in range(2):
            read_request(connection)
            connection.sendall(KEPT["plain"])

    monkeypatch.setenv("REQUESTS_CA_BUNDLE", identity)
    with TlsServer(identity, answer=thrice) as server:
        transport = Transport(server.url.replace("http:", "https:"), 5)
        for _ in range(3):
            transport.exchange(CREATE_CUSTOMER, record={})
        transport.close()

    assert server.connections == 1


@pytest.mark.parametrize("tunnel", [False, True])
def test_exchange__nothing_goes_to_whom_nobody_vouches_for(behind, identity, tunnel):
    with TlsServer(identity, tunnel) as server:
        if tunnel:
            behind("https", server.url)
        transport = Transport(server.url.replace("http:", "https:"), 5)
        with pytest.raises(NotSent):
            transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()

    assert not any(b"ada" in one for one in server.requests)


def test_exchange__create_that_a_proxy_has_taken_may_have_arrived(behind):
    with OneAnswerServer(lambda line: line.shutdown(socket.SHUT_RDWR)) as proxy:
        behind("http", proxy.url)
        transport = Transport("http://crm.example.com")
        with pytest.raises(OutcomeUnknown):
            transport.exchange(CREATE_CUSTOMER, record={"Email": "ada@example.com"})
        transport.close()
    assert proxy.connections == 1


def test_exchange__nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    with pytest.raises(NotSent):
        Transport(url).exchange(CREATE_CUSTOMER, record={})


def test_exchange__unknown_host():
    with pytest.raises(NotSent):
        Transport("http://nowhere.invalid").exchange(CREATE_CUSTOMER, record={})


def test_exchange__no_tls_over_there():
    def plain(connection):
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with OneAnswerServer(plain) as server, pytest.raises(NotSent):
        Transport(server.url.replace("http:", "https:"), 5).exchange(CREATE_CUSTOMER, record={})


def test_exchange__header_that_cannot_be_written():
    with OneAnswerServer() as server:
        with pytest.raises(NotSent):
            Transport(server.url).exchange(CREATE_CUSTOMER, record={}, headers={"X": "a\nb"})
        assert server.connections == 0
