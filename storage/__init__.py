"""What is kept, and how: the database, its encrypted columns, and the one place that commits.

Nothing here knows a channel, a socket or a clock: times and identities come in as arguments.
"""
