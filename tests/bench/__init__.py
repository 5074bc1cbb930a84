"""The benchmark: this service beside the same form on ConversationHandler (``python -m tests.bench``)."""
