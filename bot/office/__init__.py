"""The office: what officers do (``desk``), from their own chat (``console``) and on the server (``cli``)."""
