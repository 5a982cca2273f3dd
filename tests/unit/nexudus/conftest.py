"""The CRM's answers without a network: `responses` in the place of the adapter that all calls go through."""

import pytest
import responses


@pytest.fixture
def mocked():
    target = "leadcapture.nexudus.one_host.OneHost.send"
    with responses.RequestsMock(assert_all_requests_are_fired=False, target=target) as mock:
        yield mock
