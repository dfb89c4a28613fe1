"""Effects by EconML's DR learner, as JSON: uplift.py <data file> <rows> <features>, or uplift.py version."""

import json
import sys
import warnings

import numpy

warnings.simplefilter("ignore")


def main():
    import econml

    if sys.argv[1] == "version":
        print(json.dumps({"version": econml.__version__}))
        return
    from econml.dr import DRLearner
    from lightgbm import LGBMRegressor
    from sklearn.linear_model import LogisticRegression

    rows, features = int(sys.argv[2]), int(sys.argv[3])
    values = numpy.fromfile(sys.argv[1], dtype=numpy.float32).reshape(features + 3, rows)
    x, treated, outcome, truth = values[:features].T, values[-3], values[-2], values[-1]
    shape = dict(n_estimators=100, num_leaves=7, learning_rate=0.05, min_child_samples=50, verbose=-1, random_state=1, n_jobs=1)
    result = {}
    for name, final in (("linear", None), ("trees", LGBMRegressor(**shape))):
        settings = {} if final is None else {"model_final": final}
        learner = DRLearner(
            model_propensity=LogisticRegression(),
            model_regression=LGBMRegressor(**shape),
            cv=5,
            random_state=1,
            **settings,
        )
        learner.fit(outcome, treated, X=x)
        result[name] = float(numpy.sqrt(numpy.mean((learner.effect(x) - truth) ** 2)))
    print(json.dumps(result))


main()
