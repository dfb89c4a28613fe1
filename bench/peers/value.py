"""One measurement of lifetimes, as JSON: value.py <model> <data file>, or value.py version."""

import json
import resource
import sys
import time
import warnings

import numpy

warnings.simplefilter("ignore")


def measured(work):
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    return result, seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    import lifetimes

    if sys.argv[1] == "version":
        print(json.dumps({"version": lifetimes.__version__}))
        return
    name, path = sys.argv[1:]
    frequency, recency, age, monetary = numpy.fromfile(path).reshape(4, -1)
    fitters = {
        "bg-nbd": lifetimes.BetaGeoFitter,
        "mbg-nbd": lifetimes.ModifiedBetaGeoFitter,
        "pareto-nbd": lifetimes.ParetoNBDFitter,
        "gamma-gamma": lifetimes.GammaGammaFitter,
    }
    fitter = fitters[name]()
    if name == "gamma-gamma":
        back = frequency > 0
        arguments = frequency[back], monetary[back]
    else:
        arguments = frequency, recency, age
    _, fit, fit_cpu = measured(lambda: fitter.fit(*arguments))

    def predict():
        if name == "gamma-gamma":
            return fitter.conditional_expected_average_profit(frequency, monetary).sum()
        expected = fitter.conditional_expected_number_of_purchases_up_to_time(
            39, frequency, recency, age
        )
        fitter.conditional_probability_alive(frequency, recency, age)
        return expected.sum()

    total, score, score_cpu = measured(predict)
    print(
        json.dumps(
            {
                "fit": fit,
                "fitCpu": fit_cpu,
                "score": score,
                "scoreCpu": score_cpu,
                "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "parameters": {letter: float(value) for letter, value in fitter.params_.items()},
                "total": float(total),
            }
        )
    )


main()
