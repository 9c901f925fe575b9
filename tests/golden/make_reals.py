"""Doubles and the shortest digits that read back as the same double, by Python's repr: tests/golden/reals.txt.
Lines: bits as 16 hex characters, significant digits without point and zeros at either end."""
import random
import struct

random.seed(1)
values = [0.1, 0.2, 0.3, 1 / 3, 2 / 3, 1e-5, 1e5, 1e15, 1e16, 1e22, 1e23, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308,
          123456789012345680.0, 9007199254740993.0, 0.07131600000000001, 100.0, 20000.0, 1e-300, 3e-310]
while len(values) < 2000:
    value = struct.unpack("<d", struct.pack("<Q", random.getrandbits(63)))[0]
    if value == value and value != float("inf"):
        values.append(value)
for _ in range(500):
    values.append(round(1 + random.random(), random.randint(1, 17)))
with open("reals.txt", "w") as out:
    for value in values:
        digits = repr(value).split("e")[0].replace(".", "").strip("0")
        out.write("%016x %s\n" % (struct.unpack("<Q", struct.pack("<d", value))[0], digits))
