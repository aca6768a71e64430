"""The blueprint of what is shown by a link alone; no log of the course repeats such a link."""

import re
from logging import Filter, LogRecord

from flask import Blueprint

blueprint = Blueprint("shown", __name__, template_folder="templates")

_TOKEN = re.compile(r"(/(?:shared|password)/)[^\s\]\"']+")


class _WithoutTokens(Filter):
    """An error is logged with the path at which it came; whoever reads the log must not be able to open the link."""

    def filter(self, record: LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"\1…", record.getMessage()), None
        return True


_WITHOUT_TOKENS = _WithoutTokens()
blueprint.record_once(lambda state: state.app.logger.addFilter(_WITHOUT_TOKENS))
