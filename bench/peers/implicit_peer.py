"""Runs the recommender library implicit for the benches.

One JSON command a line comes in, one JSON answer a line goes out; arrays travel as raw little-endian files. Only the
library's own call is timed, so that what lies around it costs neither side.
"""

import json
import os
import sys
from time import perf_counter, process_time

import implicit
import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import CosineRecommender
from scipy.sparse import csr_matrix

matrices = {}


def load(name, path, rows, columns, entries):
    words = np.fromfile(path, dtype="<u4")
    indptr = words[: rows + 1].astype("i4")
    indices = words[rows + 1 : rows + 1 + entries].astype("i4")
    values = words[rows + 1 + entries :].view("<f4").copy()
    matrices[name] = csr_matrix((values, indices, indptr), shape=(rows, columns))
    return {}


def drop(name):
    del matrices[name]
    return {}


def fit(matrix, factors, iterations, regularization, alpha, cholesky, threads, seed, user_path, item_path):
    """implicit takes the confidences c themselves, not the strengths r: c = 1 + alpha r."""
    ratings = matrices[matrix]
    confidences = csr_matrix((1 + alpha * ratings.data, ratings.indices, ratings.indptr), shape=ratings.shape)
    model = AlternatingLeastSquares(
        factors=factors,
        iterations=iterations,
        regularization=regularization,
        use_cg=not cholesky,
        num_threads=threads,
        random_state=seed,
    )
    answer = timed(lambda: model.fit(confidences, show_progress=False))
    model.user_factors.tofile(user_path)
    model.item_factors.tofile(item_path)
    return answer


def recommend(matrix, factors, n, threads, user_path, item_path, ids_path, scores_path):
    liked = matrices[matrix]
    model = with_factors(factors, threads, user_path, item_path)
    users = np.arange(liked.shape[0])
    lists = []
    answer = timed(lambda: lists.append(model.recommend(users, liked, N=n, filter_already_liked_items=True)))
    return answer | written(lists[0], ids_path, scores_path)


def similar_items(factors, k, threads, item_path, ids_path, scores_path):
    """implicit counts an item among its own neighbours: one more gives k others."""
    model = with_factors(factors, threads, item_path, item_path)
    items = np.arange(model.item_factors.shape[0])
    lists = []
    answer = timed(lambda: lists.append(model.similar_items(items, N=k + 1)))
    return answer | written(lists[0], ids_path, scores_path)


def cosine(matrix, k, threads):
    model = CosineRecommender(K=k + 1, num_threads=threads)
    answer = timed(lambda: model.fit(matrices[matrix], show_progress=False))
    similarity = model.similarity
    return answer | {"neighbours": int(similarity.nnz - np.count_nonzero(similarity.diagonal()))}


def with_factors(factors, threads, user_path, item_path):
    model = AlternatingLeastSquares(factors=factors, num_threads=threads)
    model.user_factors = np.fromfile(user_path, dtype="<f4").reshape(-1, factors)
    model.item_factors = np.fromfile(item_path, dtype="<f4").reshape(-1, factors)
    return model


def written(lists, ids_path, scores_path):
    ids, scores = lists
    ids.astype("<i4").tofile(ids_path)
    scores.astype("<f4").tofile(scores_path)
    return {"width": int(ids.shape[1])}


def timed(work):
    """The peak is that of the whole process during the work; Linux forgets the earlier one on request."""
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    started, cpu_started = perf_counter(), process_time()
    work()
    ms, cpu_ms = (perf_counter() - started) * 1000, (process_time() - cpu_started) * 1000
    with open("/proc/self/status") as file:
        peak = next(line for line in file if line.startswith("VmHWM:"))
    return {"ms": ms, "cpu_ms": cpu_ms, "peak_memory_mb": int(peak.split()[1]) / 1024}


commands = {
    "load": load,
    "drop": drop,
    "fit": fit,
    "recommend": recommend,
    "similar_items": similar_items,
    "cosine": cosine,
}


def main():
    # What the libraries print must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"version": implicit.__version__}), file=answers)
    for line in sys.stdin:
        arguments = json.loads(line)
        command = arguments.pop("command")
        try:
            answer = commands[command](**arguments)
        except Exception as error:
            answer = {"error": f"{command}: {type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers)


main()
