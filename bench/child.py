"""Runs ``run --once`` in a process of its own, and says what it cost as one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

from chorus_edi import bootstrap


def measure(config: Path) -> dict[str, Any]:
    """Process the inbox of a configuration once.

    Returns:
        Seconds, documents, those refused, states of flows, seconds per stage; peak memory in MB of
        this process and of the largest worker; CPU seconds of both.
    """
    settings = bootstrap.load_settings(config)
    began = time.perf_counter()
    summary = bootstrap.run(settings, once=True)
    seconds = time.perf_counter() - began
    main, workers = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    with bootstrap.open_store(settings) as store:
        refused = sum(flux.rejetees for flux in store.suivi())
    return {
        "seconds": seconds,
        "documents": summary.documents,
        "refused": refused,
        "flows": summary.flows,
        "states": {state.value: count for state, count in summary.states.items()},
        "stages": dict(summary.stages),
        "main_mb": main.ru_maxrss / 1024,
        "worker_mb": workers.ru_maxrss / 1024,
        "main_cpu": main.ru_utime + main.ru_stime,
        "workers_cpu": workers.ru_utime + workers.ru_stime,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]))))
