#!/usr/bin/python3
"""Writes npy.h: files of numpy.save as bytes, with what they hold.

    /usr/bin/python3 tests/golden/make_npy.py > tests/golden/npy.h
"""
import io

import numpy as np

rows = []


def wrap(texts):
    line = "   "
    for text in texts:
        if len(line) + len(text) > 96:
            print(line)
            line = "   "
        line += f" {text},"
    print(line)


def case(name, array, version=None):
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version=version)
    data = file.getvalue()
    print(f"static const unsigned char {name}_FILE[{len(data)}] = {{")
    wrap([str(b) for b in data])
    print("};")
    values = np.atleast_2d(array.T).T.astype(float)
    print(f"static const double {name}_VALUES[{values.size}] = {{")
    wrap([v.hex() for v in values.ravel().tolist()])
    print("};")
    rows.append(f'    {{"{name}", {name}_FILE, sizeof {name}_FILE, {values.shape[0]}, {values.shape[1]}, {name}_VALUES}},')


print(f"/* Made by tests/golden/make_npy.py with NumPy {np.__version__}; do not edit. */")
r = np.random.RandomState(0)
x = r.randn(4, 3)
case("F8", x)
case("F8_FORTRAN", np.asfortranarray(x))
case("F8_VERSION_2", x, (2, 0))
case("F8_VERSION_3", x, (3, 0))
case("F4", x.astype("<f4"))
case("F4_FORTRAN", np.asfortranarray(x.astype("<f4")))
case("ONE_DIMENSION", np.arange(5, dtype="<i8") - 2)
case("BOOL", np.array([[True, False], [False, True]]))
for kind, low, high in (("i1", -128, 127), ("u1", 0, 255), ("i2", -2**15, 2**15 - 1), ("u2", 0, 2**16 - 1),
                        ("i4", -2**31, 2**31 - 1), ("u4", 0, 2**32 - 1), ("i8", 1 - 2**53, 2**53 - 1),
                        ("u8", 0, 2**53 - 1)):
    case(kind.upper(), np.array([[low, 7], [1, high], [3, 2]], dtype="<" + kind))

print("static const struct {\n    const char *name;\n    const unsigned char *file;\n    size_t size;")
print("    int64_t rows;\n    int32_t columns;\n    const double *values;\n} CASES[] = {")
print("\n".join(rows))
print("};")
