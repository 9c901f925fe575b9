#!/usr/bin/python3
"""Writes schedule.h: learning-rate factors, from each schedule's recurrence rather than its formula where it has one.

step and exponential are repeated multiplication, as torch.optim.lr_scheduler does it (StepLR, ExponentialLR); cosine is
PyTorch's own recursion (CosineAnnealingLR.get_lr, eta_min = minimum, base rate 1), restarted for a period
(CosineAnnealingWarmRestarts, T_mult = 1); inverse is Robbins and Monro's quotient in exact fractions.

    /usr/bin/python3 tests/golden/make_schedule.py > tests/golden/schedule.h
"""
from fractions import Fraction

import numpy as np


def step(epochs, every, factor):
    rate, out = 1.0, []
    for t in range(epochs):
        if t > 0 and t % every == 0:
            rate *= factor
        out.append(rate)
    return out


def inverse(epochs, factor):
    return [float(1 / (1 + Fraction(factor) * t)) for t in range(epochs)]


def cosine(epochs, period, minimum):
    out = []
    while len(out) < epochs:
        rate = 1.0
        out.append(rate)
        for t in range(1, period):
            up, down = 1 + np.cos(np.pi * t / period), 1 + np.cos(np.pi * (t - 1) / period)
            rate = up / down * (rate - minimum) + minimum
            out.append(float(rate))
    return out[:epochs]


def warm(factors, updates_per_epoch, warmup):
    """the factor at each update"""
    out = np.repeat(factors, updates_per_epoch)
    ramp = np.minimum(np.arange(1, len(out) + 1) / max(warmup, 1), 1)
    return (out * ramp).tolist()


print("/* Made by tests/golden/make_schedule.py; do not edit. */")
rows = []


def case(name, config, factors, updates=1, warmup=0):
    values = warm(factors, updates, warmup)
    config += f", .warmup = {warmup}"
    print(f"static const double {name}[{len(values)}] = {{")
    line = "   "
    for value in values:
        text = f" {float(value).hex()},"
        if len(line) + len(text) > 96:
            print(line)
            line = "   "
        line += text
    print(line + "\n};")
    rows.append(f"    {{{{{config}}}, {len(factors)}, {updates}, {name}}},")


case("CONSTANT", ".kind = SCHEDULE_CONSTANT", [1.0] * 5)
case("CONSTANT_WARM", ".kind = SCHEDULE_CONSTANT", [1.0] * 5, 3, 7)
case("STEP", ".kind = SCHEDULE_STEP, .every = 3, .factor = 0.5", step(12, 3, 0.5))
case("STEP_TENTH", ".kind = SCHEDULE_STEP, .every = 10, .factor = 0.1", step(35, 10, 0.1))
case("EXPONENTIAL", ".kind = SCHEDULE_EXPONENTIAL, .factor = 0.95", step(40, 1, 0.95))
case("INVERSE", ".kind = SCHEDULE_INVERSE, .factor = 0.1", inverse(20, 0.1))
case("COSINE", ".kind = SCHEDULE_COSINE", cosine(20, 20, 0.0))
case("COSINE_MINIMUM", ".kind = SCHEDULE_COSINE, .minimum = 0.1", cosine(15, 15, 0.1))
case("COSINE_RESTARTS", ".kind = SCHEDULE_COSINE, .period = 6, .minimum = 0.01", cosine(20, 6, 0.01))
case("COSINE_WARM", ".kind = SCHEDULE_COSINE", cosine(8, 8, 0.0), 4, 10)

print("static const struct {\n    ScheduleConfig config;\n    int64_t epochs, updates;\n    const double *factor;\n} CASES[] = {")
print("\n".join(rows))
print("};")
