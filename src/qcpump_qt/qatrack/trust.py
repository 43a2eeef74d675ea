"""Which certificates a TLS connection trusts: the operating system's store, or all when a pump says so."""

from __future__ import annotations

import ssl

import truststore


def tls_context(verify: bool) -> ssl.SSLContext:
    """What a connection needs for TLS.

    Args:
        verify: True to trust what the operating system trusts; False to accept any certificate.
    """
    if verify:
        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def insecure_warning(host: str) -> str:
    """What to tell people whose pump accepts any certificate."""
    return (
        f"The certificate of {host} is not checked, so anybody on the way can read the API token and the "
        "results. Install the server's certificate authority on this computer and turn Verify SSL on again."
    )
