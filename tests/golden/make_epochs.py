#!/usr/bin/python3
"""Writes epochs.h: epochs spread over a training, in whole numbers alone.

With p = epoch + 1 and E epochs in all, the next of `left` log-spaced steps goes to (E p^(left-1))^(1/left), the geometric
mean of the way that is left, rounded to the nearest whole number: the largest k with (2k - 1)^left <= 2^left E p^(left-1);
but at least one epoch on. Python's integers make that exact.

    /usr/bin/python3 tests/golden/make_epochs.py > tests/golden/epochs.h
"""


def nearest_root(value, n):
    """The whole number nearest to value^(1/n)."""
    low, high = 0, 1
    while (2 * high - 1) ** n <= 2**n * value:
        high *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if (2 * middle - 1) ** n <= 2**n * value:
            low = middle
        else:
            high = middle
    return low


def log_spaced(epochs, points):
    p, out = 1, [0]
    for left in range(min(points, epochs) - 1, 0, -1):
        p = max(p + 1, nearest_root(epochs * p ** (left - 1), left))
        out.append(p - 1)
    return out


print("/* Made by make_epochs.py. */")
print("static const struct {\n    int64_t epochs, points;\n    int32_t count;\n    int64_t epoch[64];\n} CASES[] = {")
for epochs, points in [(1, 60), (2, 60), (59, 60), (60, 60), (61, 60), (62, 60), (100, 60), (5, 3), (100, 10), (1000, 5),
                       (5000, 60), (20000, 60), (60000, 60), (1000000000, 60), (1000000000, 3), (7, 2)]:
    found = log_spaced(epochs, points)
    assert found[0] == 0 and found[-1] == epochs - 1 and all(a < b for a, b in zip(found, found[1:]))
    print("    {%d, %d, %d, {%s}}," % (epochs, points, len(found), ", ".join(map(str, found))))
print("};")
