"""The catalogues: id (the source), id@mudah (easy-read) and en; and how a text becomes words."""
