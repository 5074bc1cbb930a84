"""Templates of the fake Cloud API: approved by rules that are known, and sent with what their placeholders ask for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from tests.fakes.graph_api_errors import GraphError

Category: TypeAlias = Literal["utility", "marketing", "authentication"]

_PLACEHOLDER: Final = re.compile(r"\{\{(\d+)\}\}")
_UNFIT: Final = re.compile(r"[\n\r\t]| {5,}")
"""What no parameter may have: a new line, a tab, or more than four blanks in a row."""
MAX_BODY: Final = 1024
"""Characters of a template's text, also with its parameters in it."""


class NotApproved(ValueError):
    """No reviewer would approve this template."""


@dataclass(slots=True)
class Template:
    """A text with placeholders ``{{1}}``, ``{{2}}`` … that may be sent at any time."""

    name: str
    language: str
    category: Category
    body: str
    buttons: tuple[str, ...] = ()
    """Labels of the quick replies."""
    status: Literal["approved", "paused", "disabled"] = "approved"

    @property
    def placeholders(self) -> int:
        return len(set(_PLACEHOLDER.findall(self.body)))

    def fill(self, parameters: Sequence[str]) -> str:
        return _PLACEHOLDER.sub(lambda found: parameters[int(found[1]) - 1], self.body)


def reviewed(template: Template) -> Template:
    """The template, when nothing of it would be rejected for its form; raises ``NotApproved``.

    Rules: https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/template-review
    """
    numbers = [int(number) for number in _PLACEHOLDER.findall(template.body)]
    bare = template.body.strip()
    wrong = {
        "the name is not of a-z, 0-9 and _": not re.fullmatch(r"[a-z0-9_]{1,512}", template.name),
        "the language has no such code": not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", template.language),
        f"the body has none or more than {MAX_BODY} characters": not 0 < len(template.body) <= MAX_BODY,
        "placeholders are not numbered 1, 2, 3 …": sorted(set(numbers)) != [*range(1, len(set(numbers)) + 1)],
        "something stands in double braces that is no number": "{{" in _PLACEHOLDER.sub("", template.body),
        "the body begins or ends with a placeholder": bare.startswith("{{") or bare.endswith("}}"),
        "two placeholders stand side by side": re.search(r"\}\}\s*\{\{", template.body) is not None,
        "a button has none or more than 25 characters": not all(0 < len(label) <= 25 for label in template.buttons),
        "two buttons say the same": len(set(template.buttons)) < len(template.buttons),
        "there are more than 10 buttons": len(template.buttons) > 10,
    }
    for what, is_so in wrong.items():
        if is_so:
            raise NotApproved(f"{template.name} ({template.language}): {what}")
    return template


@dataclass(frozen=True, slots=True)
class Filled:
    """A template as somebody sees it."""

    template: Template
    text: str
    parameters: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]
    """Label and what the service is told when it is tapped."""


def filled(template: Template | None, message: dict[str, Any]) -> Filled:
    """The template with a message's parameters in it; raises ``GraphError`` as the platform does."""
    if template is None:
        raise GraphError(132001, f"template name ({message['name']}) does not exist in {message['language']['code']}")
    if template.status != "approved":
        raise GraphError(132015 if template.status == "paused" else 132016)
    components = message.get("components", [])
    bodies = [component for component in components if component["type"].lower() == "body"]
    if len(bodies) > 1:
        raise GraphError(131009, "There is more than one body")
    parameters = tuple(parameter["text"] for body in bodies for parameter in body["parameters"])
    if len(parameters) != template.placeholders:
        raise GraphError(
            132000,
            f"body: number of localizable_params ({len(parameters)}) does not match "
            f"the expected number of params ({template.placeholders})",
        )
    for text in parameters:
        if not text.strip():
            raise GraphError(131008, "Parameter of type text is missing text value")
        if _UNFIT.search(text):
            raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")
    text = template.fill(parameters)
    if len(text) > MAX_BODY:
        raise GraphError(132005, f"body: text is longer than {MAX_BODY} characters")
    return Filled(template, text, parameters, _buttons(template, components))


def _buttons(template: Template, components: Sequence[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    payloads = dict(enumerate(template.buttons))
    for component in components:
        if component["type"].lower() != "button":
            continue
        if (index := int(component["index"])) not in payloads:
            raise GraphError(131009, f"The template has no button at index {index}")
        payloads[index] = component["parameters"][0]["payload"]
    return tuple(zip(template.buttons, payloads.values(), strict=True))
