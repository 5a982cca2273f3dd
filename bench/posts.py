"""The posts that are measured: what a browser sends from a page with our script, each from another person with
another message: the same text from many is held as spam."""

from urllib.parse import quote_plus, urlencode

FIELDS = {
    "full_name": "Ann Example",
    "phone": "+44 20 7946 0018",
    "company": "Example & Sons Ltd",
    "workspace": "Private office",
    "consent": "yes",
    "_page_url": "https://www.example.com/contact?utm_source=newsletter&utm_medium=email&utm_campaign=spring",
    "_embedding": "decorate",
}
_HEAD = (
    "POST /f/contact HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36\r\n"
    "Accept: application/json\r\nAccept-Language: en-GB,en;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\n"
    "Origin: https://www.example.com\r\nReferer: https://www.example.com/\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
)
MESSAGE = "Hello, we are a team of six and look for an office from September. Could we see it on the {}th of {}?"
_BODY = urlencode(FIELDS)


def email(series: str, number: int) -> str:
    """Return the address of one person of a series."""
    return f"{series}-{number}@example.com"


def post(series: str, number: int, occasion: int = 0) -> bytes:
    """Return a whole request; the same person writes something else on another occasion."""
    message, address = MESSAGE.format(number + occasion, series), email(series, number)
    body = f"{_BODY}&message={quote_plus(message)}&email={quote_plus(address)}"
    return (_HEAD % (len(body), body)).encode()
