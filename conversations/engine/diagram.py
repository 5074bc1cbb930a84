"""Draws a conversation as a Mermaid state diagram, from the same declarations that it runs on."""

from __future__ import annotations

from conversations.engine.conversation import Conversation


def mermaid(conversation: Conversation) -> str:
    """A ``stateDiagram-v2``: forms from question to question with their conditions, talks by where they lead."""
    lines = ["stateDiagram-v2", f"    [*] --> {conversation.states[0].name}"]
    form = conversation.starts is None
    for state, following in zip(conversation.states, (*conversation.states[1:], None), strict=True):
        if form:
            condition = following.when.words() if following else ""
            target = following.name if following else "[*]"
            lines.append(f"    {state.name} --> {target}" + (f" : {condition}" if condition else ""))
            if condition and following is not None:
                lines.append(f"    {state.name} --> {_after(conversation, following.name)} : otherwise")
        lines += [f"    {state.name} --> {other}" for other in state.leads_to if other != state.name]
        if not form:
            lines.append(f"    {state.name} --> [*]")
        if state.optional:
            lines.append(f"    note right of {state.name} : LEWATI leaves it unanswered")
    return "\n".join(dict.fromkeys(lines))


def _after(conversation: Conversation, name: str) -> str:
    """The state asked when ``name`` is not due: the next one that needs no condition."""
    names = [state.name for state in conversation.states]
    for state in conversation.states[names.index(name) + 1 :]:
        if not state.when.words():
            return state.name
    return "[*]"
