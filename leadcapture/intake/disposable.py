"""Addresses that are thrown away after ten minutes: the list that PyPI uses too (CC0, renewed with the package)."""

from disposable_email_domains import blocklist


def is_disposable(domain: str) -> bool:
    """Say whether a domain, or one above it, gives out disposable addresses."""
    parts = domain.casefold().rstrip(".").split(".")
    return any(".".join(parts[start:]) in blocklist for start in range(len(parts) - 1))
