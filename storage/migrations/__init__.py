"""The migrations, oldest first in ``versions/``.

``python -m storage.migrations "what changes"`` drafts the next one.
"""
