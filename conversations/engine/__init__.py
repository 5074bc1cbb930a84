"""How any conversation works: texts, messages, sessions, events, effects, questions and the step."""
