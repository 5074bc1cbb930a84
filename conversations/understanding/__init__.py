"""How text becomes meaning: intents and wishes from free words, values from answers."""

from conversations.understanding.intents import Intent, Meaning, understand

__all__ = ["Intent", "Meaning", "understand"]
