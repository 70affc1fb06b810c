"""Serves a GGUF model on loopback with an OpenAI-compatible API, for scripts/test-llm. Usage: llm_server.py MODEL PORT"""

import os
import signal
import sys

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.hostnames = ["127.0.0.1"]
parameters.port = int(sys.argv[2])
# As long as what an investigation asks for at most, with its answer.
parameters.n_ctx = 16_384
parameters.n_parallel = 1
parameters.cpuparams.n_threads = os.cpu_count() or 1
parameters.warmup = False

server = xllamacpp.Server(parameters)
print("ready", flush=True)
signal.pause()
