"""A mention of a person as its rules see it, and whose the contacts are that it is printed with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from kg.contact_keys import ContactKey
from kg.resolve.affiliations import Wording
from kg.resolve.circles import MAX_POSSIBLE
from kg.resolve.latin_names import PersonName, names_agree


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
    contacts: tuple[ContactKey, ...] = ()
    listed: str = ""
    wordings: tuple[Wording, ...] = ()
    staff: int = 0
    colleagues: tuple[PersonName, ...] = ()


class Contacts:
    """The contacts of a circle. ``holders``: who is seen with each; all of them stand there."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.holders: dict[ContactKey, list[Person]] = defaultdict(list)
        for person in people:
            for contact in person.contacts:
                self.holders[contact].append(person)
        self._personal = set(filter(self._is_personal, self.holders))

    def own(self, person: Person) -> list[ContactKey]:
        """The contacts of a mention that are its own.

        A list of people says not whose they are, an ethics contact's telephone is the committee's.
        """
        if person.listed:
            return []
        own = [c for c in person.contacts if c in self._personal]
        return [c for c in own if c.kind == "e-mail" or person.role[0] != "ethics-contact"]

    def _is_personal(self, contact: ContactKey) -> bool:
        """Whether a mailbox or mobile is one person's.

        Not what is only seen in lists of several people, a landline, and what is seen with two
        names that cannot be one person's.
        """
        if contact.kind == "phone":
            return False
        names = {person.name for person in self.holders[contact] if not person.listed}
        return bool(names) and not _is_shared(names)


def _is_shared(names: set[PersonName]) -> bool:
    """Whether the names seen with a contact cannot all be one person's."""
    if len({name.han for name in names} - {None}) > 1:
        return True
    # A person with one Chinese name may be spelt in many ways; only the others are compared.
    alone = [name for name in names if not name.han and name.latin]
    if len(alone) > MAX_POSSIBLE:
        return True
    return any(names_agree(a, b) == "differ" for a in alone for b in names)
