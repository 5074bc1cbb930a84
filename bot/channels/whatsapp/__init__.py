"""WhatsApp, through its Cloud API.

A webhook's body goes parse -> intake -> turns, and its replies intake -> sender -> compose (or templates,
when the person's window is closed) -> api, which alone knows pywa. ``channel`` wires them. Nothing is
imported here: pywa takes a third of a second, and only whoever uses WhatsApp should wait for it.
"""
