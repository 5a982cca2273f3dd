"""`GET /embed.js`: small, cached, and the same for everybody."""

import gzip

import pytest
from flask import Flask

from leadcapture.web.embed import SOURCE, blueprint, compacted


@pytest.fixture
def client():
    app = Flask("embed")
    app.register_blueprint(blueprint)
    return app.test_client()


def test_embed_script__it_stays_under_six_kilobytes(client):
    plain = client.get("/embed.js").data
    assert len(gzip.compress(plain, 6)) < 6000
    zipped = client.get("/embed.js", headers={"Accept-Encoding": "br, gzip"})
    assert len(zipped.data) < 6000
    assert gzip.decompress(zipped.data) == plain


def test_embed_script__headers(client):
    reply = client.get("/embed.js")
    assert reply.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert reply.headers["Cache-Control"] == "public, max-age=3600, stale-while-revalidate=86400"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Accept-Encoding" in reply.headers["Vary"]


def test_embed_script__a_browser_that_has_it_is_told_so(client):
    tag = client.get("/embed.js").headers["ETag"]
    assert not tag.startswith("W/")
    reply = client.get("/embed.js", headers={"If-None-Match": tag})
    assert (reply.status_code, reply.data) == (304, b"")
    zipped = client.get("/embed.js", headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (zipped.status_code, zipped.headers["ETag"] != tag) == (200, True)


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_embed_script__plain_for_who_does_not_unzip(client, accepted):
    reply = client.get("/embed.js", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in reply.headers
    assert reply.data.startswith(b"/* leadcapture ")


@pytest.mark.parametrize("forbidden", ["eval(", "new Function", "innerHTML", "document.write", 'setAttribute("style"'])
def test_embed_script__nothing_that_a_strict_policy_forbids(forbidden):
    assert forbidden not in SOURCE.read_text("utf-8")


def test_embed_script__only_indentation_and_comment_lines_go():
    assert compacted("/* a */\n\n  // b\n  c();\n    d('//e');\n") == "c();\nd('//e');\n"
