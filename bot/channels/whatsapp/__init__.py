"""WhatsApp, through its Cloud API. So far: what a message becomes there (``compose``)."""
