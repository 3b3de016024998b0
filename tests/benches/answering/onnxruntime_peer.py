"""Walks the shipped graphs with onnxruntime on one thread and prints what it took, as JSON.

    onnxruntime_peer.py FOLDER HEARD,IDS STEPS RUNS
"""

import json
import statistics
import sys
import time

import numpy
import onnxruntime

HIDDEN = 256


def open_graphs(folder):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return [
        onnxruntime.InferenceSession(f"{folder}/{name}.onnx", options, ["CPUExecutionProvider"])
        for name in ("encoder", "decoder")
    ]


def walk(encoder, decoder, heard, steps):
    past = list(heard)
    for step in range(steps):
        if step % len(heard) == 0:
            window = numpy.array([past[-len(heard):]], dtype=numpy.int64)
            h, gates, base = encoder.run(None, {"tokens": window})
            c = numpy.zeros((1, HIDDEN), dtype=numpy.float32)
        token = numpy.array(past[-1:], dtype=numpy.int64)
        fed = {"token": token, "h": h, "c": c, "gates": gates, "base": base}
        scores, h, c = decoder.run(None, fed)
        past.append(int(scores[0].argmax()))
    return past[len(heard):]


def main():
    folder, heard, steps, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    heard = [int(token) for token in heard.split(",")]
    firsts, walks = [], []
    for _ in range(max(3, runs // 3)):
        start = time.perf_counter()
        encoder, decoder = open_graphs(folder)
        ids = walk(encoder, decoder, heard, steps)
        firsts.append((time.perf_counter() - start) * 1e3)
    for _ in range(runs):
        start = time.thread_time()
        walk(encoder, decoder, heard, steps)
        walks.append((time.thread_time() - start) * 1e3)
    print(json.dumps({
        "version": onnxruntime.__version__,
        "walk_ms": statistics.median(walks),
        "first_ms": statistics.median(firsts),
        "ids": ids,
    }))


main()
