"""Vowpal Wabbit's SquareCB on one task, as JSON: bandit.py <task file> <rows> <features> <arms> <seed> <learning rate> <cost of a right guess>, or bandit.py version."""

import json
import random
import sys
import time

import numpy
import vowpalwabbit

if sys.argv[1] == "version":
    print(json.dumps({"version": vowpalwabbit.__version__}))
    sys.exit()

path, rows, features, arms, seed = sys.argv[1], *map(int, sys.argv[2:6])
rate, right = float(sys.argv[6]), float(sys.argv[7])
data = numpy.fromfile(path, dtype=numpy.float32)
x = data[: rows * features].reshape(rows, features)
label = data[rows * features :].astype(int)
draws = random.Random(seed)
model = vowpalwabbit.Workspace(
    f"--cb_explore_adf --squarecb --cb_type mtr -q sa --quiet -b 20 -l {rate} --random_seed {seed}"
)
losses = 0
start = time.perf_counter()
for row in range(rows):
    shared = "shared |s " + " ".join(f"{at}:{value:.6g}" for at, value in enumerate(x[row]))
    actions = [f"|a arm{arm}" for arm in range(arms)]
    chances = model.predict([shared, *actions])
    arm = draws.choices(range(arms), weights=chances)[0]
    hit = arm == label[row]
    losses += 0 if hit else 1
    cost = right if hit else right + 1
    actions[arm] = f"0:{cost}:{chances[arm]} {actions[arm]}"
    model.learn([shared, *actions])
print(json.dumps({"loss": losses / rows, "seconds": time.perf_counter() - start}))
