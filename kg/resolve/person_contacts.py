"""A mention of a person as its rules see it, and whose the contacts are that it is printed with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from kg.contacts.digests import ContactKey
from kg.resolve.affiliations import Wording
from kg.resolve.circles import MAX_POSSIBLE
from kg.resolve.names.latin_names import PersonName, names_agree

MAX_SHARERS = 20  # names seen with one contact, from which on it is a switchboard


class Channel(NamedTuple):
    """A contact that is printed with a mention; ``personal``: one person's, and no office's."""

    key: ContactKey
    personal: bool


class Person(NamedTuple):
    """A mention of a person, with what its rules ask of the record and the corpus around it.

    ``role`` is that of the record, with the site where it has one. ``places`` are organizations
    and committees, as the circle counts them; ``employed``: whether any is an affiliation.
    ``listed`` is the list of people that it stands in, "" for none. Among ``staff`` people hardly
    another one has the name. ``colleagues`` are the names that the record prints at its places.
    """

    iri: str
    record: str
    role: tuple[str, str | None]
    name: PersonName
    orcid: str | None = None
    places: tuple[int, ...] = ()
    employed: bool = False
    contacts: tuple[Channel, ...] = ()
    listed: str = ""
    wordings: tuple[Wording, ...] = ()
    staff: int = 0
    colleagues: tuple[PersonName, ...] = ()

    @property
    def own(self) -> list[ContactKey]:
        """The contacts that are this person's.

        A list of people says not whose they are, an ethics contact's telephone is the committee's.
        """
        if self.listed:
            return []
        own = (key for key, personal in self.contacts if personal)
        return [key for key in own if key.kind == "e-mail" or self.role[0] != "ethics-contact"]


class Contacts:
    """What all records tell of contacts: which are one person's, and which are switchboards.

    No landline is a person's, nor is what only lists of several people are seen with.
    """

    def __init__(self, seen: Iterable[tuple[PersonName, bool, Iterable[ContactKey]]]) -> None:
        """``seen``: each mention's name, whether it stands in a list of people, its contacts."""
        names: dict[ContactKey, set[PersonName]] = defaultdict(set)
        alone: dict[ContactKey, set[PersonName]] = defaultdict(set)
        for name, is_listed, contacts in seen:
            for contact in contacts:
                names[contact].add(name)
                if not is_listed and contact.kind != "phone":
                    alone[contact].add(name)
        self._personal = {contact for contact, of in alone.items() if not _is_shared(of)}
        self._switchboards = {
            contact
            for contact, of in names.items()
            if len(of) > MAX_SHARERS and len({name.key for name in of}) > MAX_SHARERS
        }

    def channels(self, contacts: Iterable[ContactKey]) -> tuple[Channel, ...]:
        """The contacts of a mention that tell something."""
        return tuple(
            Channel(contact, contact in self._personal)
            for contact in sorted(contacts)
            if contact in self._personal or contact not in self._switchboards
        )


def _is_shared(names: set[PersonName]) -> bool:
    """Whether the names seen with a contact cannot all be one person's."""
    if len({name.han for name in names} - {None}) > 1:
        return True
    # A person with one Chinese name may be spelt in many ways; only the others are compared.
    alone = [name for name in names if not name.han and name.latin]
    if len(alone) > MAX_POSSIBLE:
        return True
    return any(names_agree(a, b) == "differ" for a in alone for b in names)
