"""What identity may compare of contacts: keyed digests, never the contacts themselves."""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from kg.contacts.masking import MOBILE, Channel, emails, phones


class ContactKey(NamedTuple):
    """What identity may compare: a sort of channel and a keyed digest of its normal form."""

    kind: Literal["e-mail", "mobile", "phone"]
    key: str


# Mailboxes that belong to an office by their name: they tell nothing about who a person is.
_OFFICE = re.compile(
    r"(?:info|office|admin|contact|ethics?|ec|irb|lunli|llb|llwyh|yxll|gcp|jgb|jigou|kjc|kyc|kyb|"
    r"keyan|kejiao|research|clinical\.?trials?|trials?|study|registry|service|support|enquir\w*)"
    r"[\d._-]*"
)


def keys(channels: Iterable[Channel], secret: bytes) -> frozenset[ContactKey]:
    """What identity may compare of these channels: HMAC-SHA-256 under ``secret``, never values.

    An office's mailbox is left out: several people read it.
    """
    found = set()
    for sort, value in channels:
        if sort == "e-mail":
            found |= {
                ContactKey("e-mail", _digest(secret, address))
                for address in emails(value)
                if not _OFFICE.fullmatch(address.rsplit("@", 1)[0])
            }
        elif sort == "phone":
            for number in phones(value):
                kind: Literal["mobile", "phone"] = "mobile" if MOBILE.fullmatch(number) else "phone"
                found.add(ContactKey(kind, _digest(secret, number.lstrip("0"))))
    return frozenset(found)


class Keyed(dict[str, tuple[ContactKey, ...]]):
    """What identity may compare, by mention.

    Equal channels are one object here: most are printed in several records.
    """

    def __init__(self) -> None:
        super().__init__()
        self._one: dict[ContactKey, ContactKey] = {}
        self._several: dict[tuple[ContactKey, ...], tuple[ContactKey, ...]] = {}

    def add(self, mention: str, channels: Iterable[ContactKey]) -> None:
        """Note the channels of a mention."""
        found = tuple(self._one.setdefault(channel, channel) for channel in channels)
        self[mention] = self._several.setdefault(found, found)

    def settle(self) -> None:
        """Let go of what finds equal ones: nothing is added any more."""
        self._one.clear()
        self._several.clear()


def rows(mention: str, channels: Iterable[ContactKey]) -> str:
    """Lines that say the channels of a mention; ``keyed`` reads them."""
    return "".join(f"{mention}\t{kind}\t{key}\n" for kind, key in sorted(channels))


def keyed(text: str) -> dict[str, list[ContactKey]]:
    """The channels of mentions, by mention, as ``rows`` wrote them.

    >>> keyed(rows("m1", [ContactKey("mobile", "0a"), ContactKey("e-mail", "0b")]))
    {'m1': [ContactKey(kind='e-mail', key='0b'), ContactKey(kind='mobile', key='0a')]}
    """
    found: dict[str, list[ContactKey]] = defaultdict(list)
    for row in text.splitlines():
        mention, kind, key = row.split("\t")
        found[mention].append(ContactKey(kind, key))  # type: ignore[arg-type]
    return dict(found)


def _digest(secret: bytes, value: str) -> str:
    return hmac.digest(secret, value.encode(), "sha256").hex()
