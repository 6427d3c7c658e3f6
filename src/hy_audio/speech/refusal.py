"""What HTTP says of a service that refuses, for all engines that go online."""

import re
from email.utils import parsedate_to_datetime

REFUSED = (401, 403, 429)
"""Statuses by which a service declines, rather than fails."""


def retry_after_s(value: str, now_s: float | None) -> float:
    """Seconds that `Retry-After` asks for; 0 if it says nothing (RFC 9110, 10.2.3).

    Args:
        value: the header, a number of seconds or a date; empty where there is none.
        now_s: the time, in seconds since 1970; None if nothing can be told of dates.
    """
    if re.fullmatch("[0-9]{1,9}", value.strip()):
        return float(value)
    until_s = date_s(value)
    return 0.0 if until_s is None or now_s is None else max(0.0, until_s - now_s)


def date_s(value: str) -> float | None:
    """A date of HTTP in seconds since 1970; None if it is none."""
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
