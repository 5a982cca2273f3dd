"""A lead corrected by a person: what he may change, and what it then says. What arrived is kept elsewhere."""

import json
from collections.abc import Mapping
from dataclasses import replace

from leadcapture.domain.frozen import frozen
from leadcapture.domain.lead import Content, digest
from leadcapture.domain.submission import Answer

ALWAYS = ("coworker.FullName", "coworker.Email", "coworker.MobilePhone", "coworker.CompanyName")
LABELS: Mapping[str, str] = {
    "coworker.FullName": "Name",
    "coworker.Email": "E-mail",
    "coworker.MobilePhone": "Phone",
    "coworker.LandLine": "Landline",
    "coworker.CompanyName": "Company",
    "coworker.Position": "Position",
    "coworker.SignUpToNewsletter": "Newsletter",
    "opportunity.DueDate": "Wished date",
    "opportunity.Name": "Opportunity’s name",
    "opportunity.Notes": "More notes",
}
BY_HAND = "edited"


@frozen
class Editable:
    """What may be changed: values by target, the message, and the other answers by their place in the lead."""

    mapped: Mapping[str, str]
    message: str
    answers: Mapping[int, Answer]


def label_of(target: str) -> str:
    """Return a target's name for people: Nexudus' own where we have no plainer one."""
    return LABELS.get(target, target.partition(".")[2] or target)


def editable(content: Content) -> Editable:
    """Return what a person may change; an answer that is shown as a mapped value is not shown twice."""
    mapped = {target: content.mapped.get(target, "") for target in ALWAYS} | dict(content.mapped)
    shown = {value.strip() for value in (*mapped.values(), content.message) if value.strip()}
    others = {n: answer for n, answer in enumerate(content.answers) if answer.text.strip() not in shown}
    return Editable(mapped, content.message, others)


def mark_of(content: Content) -> str:
    """Return a mark of what may be changed: another one once somebody has changed it."""
    now = editable(content)
    answers = {n: answer.text for n, answer in now.answers.items()}
    return digest(json.dumps([dict(now.mapped), now.message, answers]))


def edited(content: Content, mapped: Mapping[str, str], message: str, answers: Mapping[int, str]) -> Content:
    """Return the content with a person's corrections: answers follow the mapped value that they had."""
    before = editable(content)
    changed = {target: value.strip() for target, value in mapped.items() if target in before.mapped}
    renamed = {before.mapped[target].strip(): value for target, value in changed.items()} | {
        before.message.strip(): message.strip()
    }
    renamed.pop("", None)
    values = dict(content.mapped) | changed
    methods = {target: BY_HAND for target, value in changed.items() if value != content.mapped.get(target, "")}
    return replace(
        content,
        mapped={target: value for target, value in values.items() if value},
        found_by=dict(content.found_by) | methods,
        message=message.strip(),
        answers=tuple(_answer(n, answer, answers, renamed) for n, answer in enumerate(content.answers)),
    )


def _answer(place: int, answer: Answer, given: Mapping[int, str], renamed: Mapping[str, str]) -> Answer:
    if place in given:
        return answer if given[place] == answer.text else replace(answer, value=given[place])
    new = renamed.get(answer.text.strip())
    return answer if new is None or new == answer.text.strip() else replace(answer, value=new)
