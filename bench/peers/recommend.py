"""One measurement of implicit or NumPy, as JSON: recommend.py <task> <data file> <users> <items> <factors> <threads>, or recommend.py version."""

import json
import resource
import sys
import time

import numpy
import scipy.sparse


def measured(work):
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, {"seconds": seconds, "cpu": cpu}


def read(path, users, items):
    pairs = numpy.fromfile(path, dtype=numpy.int32).reshape(2, -1)
    ones = numpy.ones(pairs.shape[1], dtype=numpy.float32)
    return scipy.sparse.csr_matrix((ones, (pairs[0], pairs[1])), shape=(users, items))


def residual(source, target, entries, sample, regularisation):
    """Mean length of what is left of the normal equations over that of their right side, over some rows."""
    square = source.T @ source
    left = right = 0.0
    for row in sample:
        own = source[entries.indices[entries.indptr[row] : entries.indptr[row + 1]]]
        wanted = 2 * own.sum(0)
        x = target[row]
        rest = wanted - square @ x - own.T @ (own @ x) - regularisation * x
        left += numpy.linalg.norm(rest)
        right += numpy.linalg.norm(wanted)
    return float(left / right)


def main():
    task = sys.argv[1]
    if task == "version":
        import implicit

        print(json.dumps({"version": implicit.__version__}))
        return
    path = sys.argv[2]
    users, items, factors, threads = map(int, sys.argv[3:])
    matrix = None if task == "best" else read(path, users, items)
    if task == "ials":
        from implicit.cpu._als import _least_squares_cg

        draw = numpy.random.default_rng(1)
        by_item = matrix.T.tocsr()
        # confidence 2 for what was observed, 1 for the rest
        confidence, item_confidence = matrix * 2, by_item * 2
        x = draw.normal(scale=0.01, size=(users, factors)).astype(numpy.float32)
        y = draw.normal(scale=0.01, size=(items, factors)).astype(numpy.float32)

        def half(entries, target, source):
            _least_squares_cg(entries.indptr, entries.indices, entries.data, target, source, 0.05, num_threads=threads, cg_steps=3)

        def epoch():
            half(confidence, x, y)
            half(item_confidence, y, x)

        for _ in range(2):
            epoch()
        _, report = measured(lambda: [epoch() for _ in range(3)])
        report = {key: value / 3 for key, value in report.items()}
        report["quality"] = residual(x, y, by_item, range(0, items, max(1, items // 200)), 0.05)
    elif task == "knn":
        from implicit.nearest_neighbours import CosineRecommender

        model = CosineRecommender(K=100, num_threads=threads)
        _, report = measured(lambda: model.fit(matrix, show_progress=False))
    elif task == "ease":

        def fit():
            gram = (matrix.T @ matrix).toarray().astype(numpy.float64)
            gram[numpy.diag_indices(items)] += 300
            inverse = numpy.linalg.inv(gram)
            weights = inverse / -numpy.diag(inverse)
            weights[numpy.diag_indices(items)] = 0
            return weights

        weights, report = measured(fit)
        report["quality"] = float(numpy.abs(weights[:50]).sum())
    else:
        from implicit.cpu.topk import topk

        draw = numpy.random.default_rng(1)
        y = draw.normal(size=(items, factors)).astype(numpy.float32)
        x = draw.normal(size=(users, factors)).astype(numpy.float32)
        _, report = measured(lambda: topk(y, x, 100, num_threads=threads))
    print(json.dumps(report))


main()
