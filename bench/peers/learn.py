"""One measurement of one peer, as JSON: learn.py <task> <peer> <data file> <test file> <threads>."""

import json
import resource
import sys
import time

import numpy

trees, leaves, rate, least = 100, 31, 0.1, 20


def read(path, columns):
    values = numpy.fromfile(path, dtype=numpy.float32).reshape(columns + 1, -1)
    return numpy.ascontiguousarray(values[:columns].T), values[columns]


def measured(work):
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return result, {"seconds": seconds, "cpu": cpu, "megabytes": after.ru_maxrss / 1024}


def lightgbm_peer(threads):
    import lightgbm

    settings = {
        "objective": "binary",
        "num_leaves": leaves,
        "learning_rate": rate,
        "min_data_in_leaf": least,
        "max_bin": 255,
        "num_threads": threads,
        "verbose": -1,
    }

    def fit(table, labels):
        return lightgbm.train(settings, lightgbm.Dataset(table, labels), trees)

    def explain(model, table):
        return model.predict(table, pred_contrib=True, num_threads=threads)

    return lightgbm, fit, lambda model, table: model.predict(table, num_threads=threads), explain


def sklearn_peer(threads):
    import sklearn
    from sklearn.ensemble import HistGradientBoostingClassifier

    # threads come from OMP_NUM_THREADS
    def fit(table, labels):
        model = HistGradientBoostingClassifier(
            max_iter=trees,
            max_leaf_nodes=leaves,
            learning_rate=rate,
            min_samples_leaf=least,
            l2_regularization=0,
            max_bins=255,
            early_stopping=False,
        )
        return model.fit(table, labels)

    return sklearn, fit, lambda model, table: model.predict_proba(table)[:, 1], None


def xgboost_peer(threads):
    import xgboost

    settings = {
        "objective": "binary:logistic",
        "tree_method": "hist",
        "grow_policy": "lossguide",
        "max_leaves": leaves,
        "max_depth": 0,
        "eta": rate,
        "lambda": 0,
        "min_child_weight": 1e-3,
        "max_bin": 256,
        "nthread": threads,
    }

    def fit(table, labels):
        return xgboost.train(settings, xgboost.DMatrix(table, labels, nthread=threads), trees)

    def predict(model, table):
        return model.predict(xgboost.DMatrix(table, nthread=threads))

    return xgboost, fit, predict, None


def kmeans(data, clusters, iterations):
    from sklearn.cluster import KMeans

    start = data[:clusters]
    # k-means stops by itself when nothing changes any more
    return KMeans(
        clusters, init=start, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd"
    ).fit(data)


def main():
    task, name, path, test, threads = sys.argv[1:6]
    threads = int(threads)
    if task == "version":
        print(json.dumps({"version": __import__(name).__version__}))
        return
    if task == "kmeans":
        import warnings

        warnings.simplefilter("ignore")
        data = numpy.fromfile(path, dtype=numpy.float32).reshape(-1, 8)
        kmeans(data[:50000], 8, 2)
        _, short = measured(lambda: kmeans(data, 8, 2))
        model, long = measured(lambda: kmeans(data, 8, 22))
        steps = model.n_iter_ - 2
        report = {
            "seconds": (long["seconds"] - short["seconds"]) / steps,
            "cpu": (long["cpu"] - short["cpu"]) / steps,
            "megabytes": long["megabytes"],
            "quality": float(model.inertia_),
        }
        print(json.dumps(report))
        return
    peers = {"lightgbm": lightgbm_peer, "sklearn": sklearn_peer, "xgboost": xgboost_peer}
    _, fit, predict, explain = peers[name](threads)
    table, labels = read(path, 28)
    if task == "fit":
        model, report = measured(lambda: fit(table, labels))
        from sklearn.metrics import roc_auc_score

        table, labels = read(test, 28)
        report["quality"] = float(roc_auc_score(labels, predict(model, table)))
    else:
        model = fit(table[:50000], labels[:50000])
        if task == "predict":
            predict(model, table[:1000])
            _, report = measured(lambda: predict(model, table))
        else:
            _, report = measured(lambda: explain(model, table[:5000]))
    print(json.dumps(report))


main()
