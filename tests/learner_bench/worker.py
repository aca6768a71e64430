"""One worker of the app as `course run` serves it, which says in a header of each answer how long it took.

python -m tests.learner_bench.worker DATABASE_URL INSTANCE     prints the port that it listens on
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

from waitress.server import create_server

from course.web.app import create_app, warm
from course.web.config import Config
from course.web.serve import THREADS

HEADER = "X-Took-Ms"


def timed(app: Any) -> Any:
    """`app`, with the milliseconds from its call to its whole answer in a header."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = perf_counter()
        said: list[Any] = []
        body = app(environ, lambda status, headers, exc_info=None: said.extend((status, headers)))
        whole = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        status, headers = said
        start_response(status, [*headers, (HEADER, f"{1000 * (perf_counter() - began):.2f}")])
        return [whole]

    return call


def main(url: str, instance: str) -> None:
    """Serve until killed."""
    config = Config(instance=Path(instance), database_url=url, secret_key="to measure", secure_cookies=False)
    app = create_app(config)
    warm(app).join()
    server = create_server(timed(app.wsgi_app), host="127.0.0.1", port=0, ident=None, threads=THREADS)
    print(server.effective_port, flush=True)
    server.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
