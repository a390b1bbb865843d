"""The command line that stand-ins share."""

import argparse
import signal
import threading


def make_parser(name, port):
    """Return a parser that knows host, port and latency."""
    parser = argparse.ArgumentParser(prog=f"{name} stand-in")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--latency-ms", type=float, default=0)
    return parser


def serve(standin, name, *, tick=lambda: None, tick_seconds=5):
    """Run until a signal asks to end; the first line says where.

    :param tick: done now and then, and once at the end
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_args: stop.set())
    standin.start()
    print(f"{name} stand-in on {standin.base_url}", flush=True)
    while not stop.wait(tick_seconds):
        tick()
    standin.stop()
    tick()
