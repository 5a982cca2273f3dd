"""A real Chromium, a customer's website, and the service with its stand-in, for every browser test."""

import pytest
from embed_stage import Website, running_service

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def chromium(playwright_driver, chromium_path):
    """The browser: Debian's where there is one, else Playwright's own. Pages may go into the back-forward cache."""
    browser = playwright_driver.chromium.launch(
        executable_path=chromium_path, args=list(FLAGS), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def website():
    """A customer's website and a blog that links to it, on origins of their own."""
    website = Website()
    yield website
    website.stop()


@pytest.fixture(scope="session")
def service(website):
    """gunicorn and a worker on a database of their own; their leads end in a stand-in Nexudus."""
    with running_service(website.origin) as service:
        yield service


@pytest.fixture
def visitor(chromium):
    """A tab of a visitor who has never been here."""
    context = chromium.new_context()
    context.set_default_timeout(10000)
    yield context.new_page()
    context.close()
