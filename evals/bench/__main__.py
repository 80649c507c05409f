"""Run every measurement in turn, each in a process of its own so that none finds the caches of another."""

import subprocess
import sys

for script in ("startup", "retrieval", "question"):
    subprocess.run([sys.executable, "-m", f"evals.bench.{script}"], check=True)
