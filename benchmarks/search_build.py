"""Builds the search index once in a process of its own: reads `{"url"}`, prints what it took as JSON."""

import asyncio
import json
import sys

import structlog

from benchmarks import search

if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    print(json.dumps(asyncio.run(search.build_once(json.load(sys.stdin)["url"]))))
