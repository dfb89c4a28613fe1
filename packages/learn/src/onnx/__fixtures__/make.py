"""Makes the peers' models that scorer.test.ts runs: scikit-learn 1.9.1, skl2onnx 1.20.0, LightGBM 4.7.0, onnxmltools 1.16.0."""

import json

import lightgbm
import numpy as np
import onnxmltools
import pandas
from onnxmltools.convert.common.data_types import FloatTensorType as LightgbmFloats
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

random = np.random.default_rng(1)
rows = 200
age = random.normal(40, 10, rows).astype(np.float32)
spend = random.exponential(50, rows).astype(np.float32)
plan = random.choice(["basic", "plus"], rows)
label = (random.uniform(size=rows) < 1 / (1 + np.exp(-(age - 40) / 10 - (plan == "plus")))).astype(int)
frame = pandas.DataFrame({"age": age, "spend": spend, "plan": plan})
numbers = np.column_stack([age, spend])

pipeline = make_pipeline(
    ColumnTransformer([("n", StandardScaler(), ["age", "spend"]), ("c", OneHotEncoder(), ["plan"])]),
    LogisticRegression(),
).fit(frame, label)
types = [("age", FloatTensorType([None, 1])), ("spend", FloatTensorType([None, 1])), ("plan", StringTensorType([None, 1]))]
for name, zipmap in [("sklearn", False), ("sklearn-zipmap", True)]:
    model = to_onnx(pipeline, initial_types=types, options={id(pipeline): {"zipmap": zipmap}})
    open(f"{name}.onnx", "wb").write(model.SerializeToString())

booster = lightgbm.LGBMClassifier(n_estimators=3, num_leaves=4, verbose=-1).fit(numbers, label)
model = onnxmltools.convert_lightgbm(booster, initial_types=[("X", LightgbmFloats([None, 2]))], zipmap=False)
open("lightgbm.onnx", "wb").write(model.SerializeToString())

few = slice(0, 5)
print(
    json.dumps(
        {
            "age": age[few].tolist(),
            "spend": spend[few].tolist(),
            "plan": plan[few].tolist(),
            "sklearn": pipeline.predict_proba(frame[few])[:, 1].tolist(),
            "lightgbm": booster.predict_proba(numbers[few])[:, 1].tolist(),
        }
    ),
    file=open("expected.json", "w"),
)
