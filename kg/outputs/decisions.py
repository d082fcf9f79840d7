"""What a curator writes into the overrides about a judgement: to accept, to refuse, to undo it."""

from __future__ import annotations

from kg.outputs.bridges import Row
from kg.resolve import overrides


def decision_row(
    row: Row, *, accept: bool, author: str = "", date: str = "", reason: str = ""
) -> str:
    """The override that says of a doubtful pair that it is one, or that it is not.

    A pair that a table calls successor and predecessor is accepted as that: two things.
    """
    told = reason or row.evidence
    if row.rule == "O-D2" and accept:
        later, earlier = row.left, row.right
        if row.evidence.startswith("the second took over"):
            later, earlier = earlier, later
        return overrides.line(
            later, "tkg:successorOf", earlier, negated=False, author=author, date=date, reason=told
        )
    return overrides.row(row.left, row.right, same=accept, author=author, date=date, reason=told)


def undo(row: Row) -> str:
    """The override that parts what a link joins, without its line end."""
    return decided(row.left, row.right, negated=True)


def decided(left: str, right: str, *, negated: bool) -> str:
    """The override that says of two ids that they are one, or not, without its line end."""
    made = overrides.row(left, right, same=not negated, author="", date="", reason="")
    return made.rstrip("\n")
