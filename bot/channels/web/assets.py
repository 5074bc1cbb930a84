"""Static files of the page, named after their content so that a browser may keep them for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

from starlette.responses import Response

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class Assets:
    """The files of ``static/``, read once."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files: dict[str, tuple[bytes, str]] = {}
        self._names: dict[str, str] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix not in TYPES:
                continue
            content = path.read_bytes()
            name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"
            self._files[name] = (content, TYPES[path.suffix])
            self._names[path.name] = name

    def url(self, name: str) -> str:
        """Where a file is fetched. Raises KeyError for a file that is not there."""
        return f"/statis/{self._names[name]}"

    def response(self, name: str) -> Response:
        """The file, or 404 for a name that was never or is no longer given out."""
        if name not in self._files:
            return Response(status_code=404)
        content, media_type = self._files[name]
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return Response(content, media_type=media_type, headers=headers)
