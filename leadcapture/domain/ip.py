"""An address on the internet, made coarse: enough to see abuse of a network, too little to tell a person."""

from functools import lru_cache
from ipaddress import IPv4Address, ip_address, ip_network

KEPT_BITS = {4: 24, 6: 48}


@lru_cache(maxsize=4096)
def network(text: str) -> str:
    """Return what one visitor can be counted by: an IPv4 address, the /64 of an IPv6 one; other text as it is."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or ip_network((address, 64), strict=False).network_address)


def truncated(text: str) -> str:
    """Return an address with its last part set to nothing (v4 /24, v6 /48); "" for what is no address."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return ""
    if address.version == 6 and isinstance(mapped := getattr(address, "ipv4_mapped", None), IPv4Address):
        address = mapped
    return str(ip_network((address, KEPT_BITS[address.version]), strict=False).network_address)
