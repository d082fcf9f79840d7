"""Ethics approvals of ISRCTN: rows of committees, or the free text of older records."""

from __future__ import annotations

from collections.abc import Iterator

from kg import values
from kg.contacts.masking import Channel, Sort, kinds
from kg.extractors.isrctn_approval_parts import Approval, several
from kg.extractors.isrctn_approval_text import NO_COMMITTEE, OldApproval, old_approval
from kg.extractors.isrctn_text import is_nothing, line
from kg.fields import Fields
from kg.model import CommitteeMention, EthicsApproval, RoleAssignment, RoleContact
from kg.said import Codes, Said, Texts
from kg.sources.trees import Cell


def approvals(f: Fields, until: str = "") -> tuple[EthicsApproval, ...]:
    """The approvals of a record; ``f`` is the cursor on ``trialDescription``.

    ``until`` is the newest day that the record knows of, for dates with a year of two digits.
    """
    required = f.string("ethicsApprovalRequired")
    told = (required,) if required and required.value else ()
    found = [
        *(_row(row, told) for row in f.inside("ethicsCommittees").each("ethicsCommittee")),
        *_old(f, told, until),
    ]
    decision = f.concepts("ethics-decision", en="ethicsApprovalRequired", report=False)
    if found:
        return tuple(found)
    if decision and decision.value:
        return (EthicsApproval(decision=decision),)
    f.left_over(required, why="stands beside no ethics approval")
    return ()


def _old(f: Fields, told: tuple[Said[str], ...], until: str) -> Iterator[EthicsApproval]:
    cell = f.cell("ethicsApproval")
    if cell is None or not cell.text or is_nothing(cell.text):
        return
    for part in several(cell.text):
        found = part.read(until)
        # What is told by this field is shown as the note: the text may hold an address.
        _set_apart(f, cell, part)
        yield _from_text(f, cell._replace(text=found.note), found, told)


def _set_apart(f: Fields, cell: Cell, part: Approval) -> None:
    """Report what of a text belongs to no approval; it stands in the note of the one before it."""
    for text in part.apart:
        why = "whose date and number these are; they stand in the note alone"
        f.log.report("bad value", cell.path, cell.line, old_approval(text).note, why)
    if part.before:
        why = "what the text said before it was changed; it stands in the note alone"
        f.log.report("left out", cell.path, cell.line, old_approval(part.before).note, why)


def _from_text(
    f: Fields, cell: Cell, found: OldApproval, told: tuple[Said[str], ...]
) -> EthicsApproval:
    decision = _decision(f, cell, found)
    codes = decision.value if decision else None
    if not found.name and codes not in NO_COMMITTEE:
        why = "the name of a committee; the text is kept as a note"
        f.log.report("bad value", cell.path, cell.line, found.note, why)
    if found.bad_date:
        f.log.report("bad value", cell.path, cell.line, found.bad_date, found.why)
    if found.bad_number:
        why = "a number and nothing else; it is left out and the text kept as a note"
        f.log.report("bad value", cell.path, cell.line, found.bad_number, why)
    nothing: Said[str] = cell.says(None, "")
    date = cell.says(found.date) if found.date and codes == ("approved",) else None
    return EthicsApproval(
        decision=decision,
        number=cell.says(found.reference) if found.reference else nothing if found.blank else None,
        date=date or (cell.says(None, "") if found.blank else None),
        committee=CommitteeMention(name=Texts(en=cell.says(found.name))) if found.name else None,
        note=Texts(en=cell.says(found.note)),
        told_by=told,
    )


def _decision(f: Fields, cell: Cell, found: OldApproval) -> Said[Codes] | None:
    """What the text decides; words that leave it open are an issue, and no decision."""
    codes, doubt = found.decision
    if doubt:
        why = "words that settle the decision; it is left out and the text kept as a note"
        f.log.report("bad value", cell.path, cell.line, doubt, why)
        return cell.says(None, refused=True)
    return cell.says(codes) if codes else cell.says(None, "")


def _row(f: Fields, told: tuple[Said[str], ...]) -> EthicsApproval:
    """One committee of the newer form, with its status and the contact of its office."""
    f.skip("@id", why="a key of the source")
    name = line(f, "committeeName")
    decision = f.concepts("ethics-decision", en="@approvalStatus")
    approved = decision is not None and decision.value == ("approved",)
    day = f.date("@statusDate", values.iso_day)
    other = f.string("@statusDate") if day and day.value and not approved else None
    committee = CommitteeMention(name=Texts(en=name)) if name and name.value else None
    return EthicsApproval(
        decision=decision,
        number=line(f, "committeeReference"),
        date=day if approved else None,
        committee=committee,
        roles=tuple(_office(f.inside("contactDetails"), name)),
        told_by=(*told, *((other,) if other else ())),
    )


_CONTACT_LABELS: dict[Sort, tuple[str, ...]] = {
    "address": ("address",),
    "postcode": ("zip",),
    "phone": ("telephone",),
    "e-mail": ("email",),
}


def channels_of(f: Fields) -> tuple[Channel, ...]:
    """The ways to reach somebody that a block ``contactDetails`` prints."""
    # Not channels: what a channel prints is taken out of every text of the record.
    f.skip("city", "state", "country", why="part of the contact's postal address")
    labels = {sort.replace("-", "_"): found for sort, found in _CONTACT_LABELS.items()}
    return f.channels(**labels)


def _office(f: Fields, name: Said[str] | None) -> Iterator[RoleAssignment]:
    """The office of the committee: it has channels, and no name but the committee's."""
    channels = channels_of(f)
    if channels and name and name.value:
        office = RoleContact(name=Texts(en=name), channel_kinds=kinds(channels), channels=channels)
        yield RoleAssignment(role="ethics-contact", agent=office, list_position=1)
