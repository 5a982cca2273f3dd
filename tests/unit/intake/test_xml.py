"""XML is a tree like JSON where it is asked for, and nothing of a document type is ever read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadcapture.domain.submission import Submission
from leadcapture.errors import SubmissionRejected, TooLarge, Unreadable, UnsupportedType
from leadcapture.intake.decode import decode
from leadcapture.intake.read import read_submission
from leadcapture.intake.xml_text import is_xml, parse_xml
from tests.factories import NOW


def tree(text: str | bytes, charset: str = "") -> object:
    return parse_xml(text.encode() if isinstance(text, str) else text, charset, 100, 10)


def test_xml__children_by_name_and_repeated_ones_as_a_list() -> None:
    found = tree("<lead><name> Ann </name><wish>desk</wish><wish>room</wish><utm><source>g</source></utm></lead>")

    assert found == {"name": "Ann", "wish": ["desk", "room"], "utm": {"source": "g"}}


def test_xml__attributes_stand_beside_what_they_describe() -> None:
    found = tree('<form id="7"><field name="email">ann@example.com</field><empty/></form>')

    assert found == {"id": "7", "field": {"name": "email", "value": "ann@example.com"}, "empty": ""}


def test_xml__namespaces_and_cdata() -> None:
    found = tree('<a:x xmlns:a="urn:a" xsi:type="b"><a:note><![CDATA[1 < 2 & 3]]></a:note></a:x>')

    assert found == {"note": "1 < 2 & 3"}


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?><a><b>Günter</b></a>'.encode("latin-1"), ""),
        ("<a><b>Günter</b></a>".encode("latin-1"), "latin-1"),
        ("<a><b>Günter</b></a>".encode("utf-16"), ""),
        ("\ufeff<a><b>Günter</b></a>".encode(), ""),
    ],
)
def test_xml__in_any_encoding(body: bytes, charset: str) -> None:
    assert tree(body, charset) == {"b": "Günter"}


BOMB = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a><b>&y;</b></a>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a><b>&x;</b></a>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://example.com/x.dtd"> %x;]><a/>'


@pytest.mark.parametrize(
    "text",
    [BOMB, OUTSIDE, PARAMETER, '<!DOCTYPE a SYSTEM "http://example.com/a.dtd"><a/>', "<a>&nbsp;</a>", "<a>", "", "x",
     '<?xml version="1.0" encoding="no-such"?><a/>'],
)  # fmt: skip
def test_xml__with_a_document_type_or_broken_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        tree(text)


def test_xml__is_limited_in_depth_and_in_number() -> None:
    with pytest.raises(TooLarge):
        tree("<a>" * 11 + "</a>" * 11)
    with pytest.raises(TooLarge):
        tree("<a>" + "<b/>" * 100 + "</a>")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"<a>{text}</a>".encode()))
def test_xml__of_any_bytes_is_read_or_refused(body: bytes) -> None:
    try:
        parse_xml(body, "", 100, 10)
    except SubmissionRejected:
        return


def test_is_xml__pages_and_pictures_are_no_forms() -> None:
    assert [is_xml(kind) for kind in ("application/xml", "text/xml", "application/soap+xml")] == [True] * 3
    assert not any(map(is_xml, ("application/xhtml+xml", "image/svg+xml", "text/html", "application/json")))


def test_decode__takes_xml_only_where_it_is_asked_for() -> None:
    body = b"<lead><email>ann@example.com</email></lead>"

    assert decode("application/xml", body, xml=True).tree == {"email": "ann@example.com"}
    assert decode("text/plain", b"<?xml version='1.0'?>" + body, xml=True).tree == {"email": "ann@example.com"}
    with pytest.raises(UnsupportedType):
        decode("application/xml", body)
    with pytest.raises(Unreadable):
        decode("application/xml", b"<lead>ann@example.com</lead>", xml=True)


def test_read__xml_whose_document_type_would_expand_is_kept_unread() -> None:
    submission = Submission("application/xml", BOMB.encode(), {}, (), "203.0.113.1", NOW)

    (reading,) = read_submission(submission, "zapier", {})

    assert reading.payload is None
    assert "document type" in (reading.problem or "")
