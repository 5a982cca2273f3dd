"""Bytes into trees: what real senders send, and what attackers do."""

import json
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadcapture.errors import SubmissionRejected, TooLarge, Unreadable, UnsupportedType
from leadcapture.intake.decode import Decoded, decode
from leadcapture.intake.plain_text import decode_text

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TYPES = [
    FORM,
    JSON,
    "",
    "text/plain",
    "multipart/form-data; boundary=x",
    "application/json; charset=latin-1",
    "application/x-www-form-urlencoded; charset=utf-16",
    'multipart/form-data; boundary="a b"; charset=nonsense',
]


@pytest.mark.parametrize(
    ("content_type", "body", "tree"),
    [
        (FORM, b"name=J%C3%B6rg+M&a=1", {"name": "Jörg M", "a": "1"}),
        (FORM, b"name=J%F6rg", {"name": "Jörg"}),
        (FORM + "; charset=iso-8859-2", b"name=%B3ukasz", {"name": "łukasz"}),
        (FORM, b"name=A%00lex%07&b=", {"name": "Alex", "b": ""}),
        (FORM, b"a[]=1&a[]=2&b=3&b=4", {"a": ["1", "2"], "b": ["3", "4"]}),
        (FORM, b"f[x][value]=1&f[x][id]=2", {"f": {"x": {"value": "1", "id": "2"}}}),
        (FORM, b"p[0][n]=A&p[1][n]=B", {"p": [{"n": "A"}, {"n": "B"}]}),
        (FORM, b"1.3=Alex&data.json=%7B%22a%22%3A%5B1%5D%7D", {"1.3": "Alex", "data.json": {"a": ["1"]}}),
        (FORM, b'{"name":"Alex"}', {"name": "Alex"}),
        (JSON, b'\xef\xbb\xbf{"a":12345678901234567890,"b":1.10,"c":true,"d":null}',
         {"a": "12345678901234567890", "b": "1.10", "c": True, "d": None}),
        (JSON, b'{"a":1,"a":2,"a":3}', {"a": ["1", "2", "3"]}),
        (JSON, b'{"a":"x\ny"}', {"a": "x\ny"}),
        (JSON, '{"a":"ü"}'.encode("utf-16"), {"a": "ü"}),
        (JSON, b'{"a":"\xfc"}', {"a": "ü"}),
        (JSON, b'[{"name":"Alex"}]', {"name": "Alex"}),
        (JSON, b'{"headers":{"x":"y"},"params":{},"query":{},"body":{"name":"Alex"}}', {"name": "Alex"}),
        (JSON, b'"{\\"name\\":\\"Alex\\"}"', {"name": "Alex"}),
        ("application/vnd.api+json", b'{"a":"b"}', {"a": "b"}),
        ("text/plain;charset=UTF-8", b'{"a":"b"}', {"a": "b"}),
        ("text/plain", b"name=Alex\r\nmessage=one\r\ntwo\r\n", {"name": "Alex", "message": "one\ntwo"}),
        ("", b"name=Alex&b=1", {"name": "Alex", "b": "1"}),
        ("application/octet-stream", b'{"a":"b"}', {"a": "b"}),
    ],
)  # fmt: skip
def test_decode__what_senders_send(content_type, body, tree):
    assert decode(content_type, body).tree == tree


def test_decode__netlifys_body_is_an_answer_and_no_wrapper():
    tree = {"body": "We need desks.", "data": {"a": "b"}}

    assert decode(JSON, json.dumps(tree).encode()).tree == tree


@pytest.mark.parametrize(
    ("content_type", "body", "error"),
    [
        (JSON, b'{"a":', Unreadable),
        (JSON, b"not json", Unreadable),
        (JSON, b"", Unreadable),
        (JSON, b'{"a":NaN}', Unreadable),
        (JSON, b'{"a":Infinity}', Unreadable),
        (JSON, b"5", Unreadable),
        (JSON, b"null", Unreadable),
        (JSON, b"[1,2]", Unreadable),
        ("multipart/form-data", b"x", Unreadable),
        ("multipart/form-data; boundary=x", b"no boundary here", Unreadable),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1', Unreadable),
        ("text/html", b"<p>", UnsupportedType),
        ("application/xml", b"<a/>", UnsupportedType),
        ("image/png", b"\x89PNG", UnsupportedType),
        ("", b"<html>", UnsupportedType),
        ("text/plain", b"just words", Unreadable),
        (JSON, b"[" * 100_000, TooLarge),
        (JSON, b'{"a":' * 60 + b"1" + b"}" * 60, TooLarge),
        (FORM, b"a=" + b"%5B" * 10 + b"&" + b"k" + b"[x]" * 60 + b"=1", TooLarge),
        (FORM, b"&".join(b"f%d=1" % n for n in range(1001)), TooLarge),
        (JSON, json.dumps({f"f{n}": 1 for n in range(1001)}).encode(), TooLarge),
    ],
)
def test_decode__what_is_refused(content_type, body, error):
    with pytest.raises(error):
        decode(content_type, body)


def test_decode__a_thousand_fields_are_read():
    decoded = decode(FORM, b"&".join(b"f%d=1" % n for n in range(1000)))

    assert len(decoded.pairs) == 1000


def test_decode__brackets_within_text_are_text():
    body = json.dumps({"message": "[" * 500 + '"{' * 100}).encode()

    assert decode(JSON, body).tree["message"].startswith("[[[")


def multipart(*parts, boundary="b"):
    body = b"".join(b"--" + boundary.encode() + b"\r\n" + head + b"\r\n\r\n" + value + b"\r\n" for head, value in parts)
    return body + b"--" + boundary.encode() + b"--\r\n"


def test_multipart__a_file_is_named_and_let_go():
    body = multipart(
        (b'Content-Disposition: form-data; name="name"', "Jörg".encode()),
        (b'Content-Disposition: form-data; name="cv"; filename="cv.pdf"\r\nContent-Type: application/pdf', b"x" * 4096),
        (b'Content-Disposition: form-data; name="none"; filename=""', b""),
    )

    decoded = decode("multipart/form-data; boundary=b", body)

    assert decoded.tree == {"name": "Jörg"}
    assert [(file.field, file.filename, file.size_bytes) for file in decoded.files] == [("cv", "cv.pdf", 4096)]


def test_multipart__parts_are_counted():
    body = multipart(*((b'Content-Disposition: form-data; name="f"', b"1") for _ in range(1001)))

    with pytest.raises(TooLarge):
        decode("multipart/form-data; boundary=b", body)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=30,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TYPES), st.binary(max_size=400))
@example(JSON, b'{"a":1' + b"0" * 5000 + b"}")
@example("", b'{"a\\ud800":"\\ud800"}')
@example("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--\r\n")
@example(FORM, b"a[b]=1&a=2&a[b][c]=3&a[]=4&[x]=5&a[=6&=7")
def test_decode__never_another_error_than_ours(content_type, body):
    try:
        decoded = decode(content_type, body)
    except SubmissionRejected:
        return
    assert isinstance(decoded, Decoded)
    json.dumps(decoded.tree).encode()


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=12), json_values, min_size=1, max_size=6))
def test_decode__json_keeps_every_text(tree):
    try:
        decoded = decode(JSON, json.dumps(tree).encode())
    except SubmissionRejected:
        return
    found = json.dumps(decoded.tree, ensure_ascii=False)
    assert "\x00" not in found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=12))
def test_decode__a_forms_pairs_come_in_order(pairs):
    body = "&".join(f"{_escaped(key)}={_escaped(value)}" for key, value in pairs)

    decoded = decode(FORM + "; charset=utf-8", body.encode())

    if not body.startswith(("{", "[")):
        assert [value for _, value in decoded.pairs] == [_clean(value) for key, value in pairs]


def _escaped(text):
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


def _clean(text):
    unwanted = {*map(chr, range(9)), "\x0b", "\x0c", *map(chr, range(14, 32)), "\x7f", "\ufeff", "\ufffe", "\uffff"}
    return "".join(mark for mark in text if mark not in unwanted)


@given(st.text(alphabet="%=&+ _.\r\n\t0123456789abcdefABCDEFgz~é", max_size=60))
@example("%")
@example("a=%4")
@example("a==%3D=%=&%3d%26%%41")
@example("a=%0D%0A.%20 %20=%0A&b= %C3%A9 ")
@example("a=x%=0A")
def test_decode__takes_what_is_quoted_as_the_standard_library_does(body):
    sent = body.encode().strip(b"\r\n&").replace(b"+", b" ")
    parts = [part.partition(b"=") for part in sent.split(b"&") if part]
    expected = [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in parts]

    pairs = decode(FORM, body.encode()).pairs

    assert pairs == [tuple(decode_text(one) for one in pair) for pair in expected]
