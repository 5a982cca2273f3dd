"""Web3Forms: a browser post with an access key and plain control names."""

from leadcapture.intake.builders.shape import Builder

BUILDER = Builder("web3forms", marks=(("access_key",),))
