"""``python -m rag.stack``: what ``paper-finder up`` does."""

import sys

from rag.settings import load_settings
from rag.stack.launcher import up

sys.exit(up(load_settings()))
