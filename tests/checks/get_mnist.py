"""scripts/get-mnist against a server on this machine: whole files, files in part, servers that know no ranges, cut
connections, wrong bytes, nobody there. Four fakes stand in for MNIST, in a copy of the script that has their sums. usage: get_mnist.py
SOURCE_DIR [mnist]; with `mnist` the script itself fetches the real files, which are in MNIST_DIR."""
import gzip
import hashlib
import http.server
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

source = pathlib.Path(sys.argv[1])
NAMES = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]
top = pathlib.Path(tempfile.mkdtemp(prefix="get_mnist_"))
failures = 0


class Server(http.server.ThreadingHTTPServer):
    """Serves `files` (name: bytes). `asked` has (name, first byte or None, bytes sent) of every request."""
    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files, self.asked = dict(files), []
        self.ranges, self.cut, self.status, self.slow = True, None, 200, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        server, name = self.server, self.path.strip("/")
        body = server.files.get(name)
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        first = int(asked[1]) if asked else None
        if body is None or server.status != 200:
            server.asked.append((name, first, 0))
            return self.send_error(404 if body is None else server.status)
        if first is None or not server.ranges:
            self.send_response(200)
            part = body
        elif first >= len(body):
            server.asked.append((name, first, 0))
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(body)}")
            self.send_header("Content-Length", "0")
            return self.end_headers()
        else:
            self.send_response(206)
            part = body[first:]
            self.send_header("Content-Range", f"bytes {first}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        sent = part if server.cut is None else part[:server.cut]
        server.asked.append((name, first, len(sent)))
        self.wfile.write(sent)
        self.wfile.flush()
        if server.slow.is_set():
            time.sleep(30)  # the client is killed meanwhile
        self.close_connection = True


def environment(**more):
    kept = {k: v for k, v in os.environ.items()
            if k not in ("MNIST_DIR", "MNIST_URL", "XDG_CACHE_HOME") and not k.lower().endswith("_proxy")}
    # a machine behind a proxy: the server here must be asked all the same
    return {**kept, "HOME": str(top / "home"), "http_proxy": "http://127.0.0.1:9", "no_proxy": "127.0.0.1", **more}


def run(script, *words, **more):
    done = subprocess.run([script, *words], env=environment(**more), capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.strip(), done.stderr


def check(what, holds, *seen):
    global failures
    failures += not holds
    print(("ok      " if holds else "FAILED  ") + what, *([] if holds else [repr(s)[:1500] for s in seen]), sep="\n    " if not holds else "")


def folder(*parts):
    """A new folder for files to be fetched to, with (name, bytes) in it."""
    made = pathlib.Path(tempfile.mkdtemp(dir=top))
    for name, content in parts:
        (made / name).write_bytes(content)
    return made


def contents(path):
    return {f.name: f.read_bytes() for f in path.iterdir()}


# Fakes: IDX files of 300 images; the copy of the script asks for their sums.
def idx(magic, sizes, body):
    return bytes([0, 0, 8, magic]) + b"".join(n.to_bytes(4, "big") for n in sizes) + body


draw = random.Random(0)
plain = {}
for stem, n in (("train", 300), ("t10k", 100)):
    plain[f"{stem}-images-idx3-ubyte"] = idx(3, (n, 8, 8), draw.randbytes(64 * n))
    plain[f"{stem}-labels-idx1-ubyte"] = idx(1, (n,), bytes(i % 10 for i in range(n)))
packed = {f"{name}.gz": gzip.compress(plain[name], mtime=0) for name in NAMES}
text = (source / "scripts/get-mnist").read_text()
for name in NAMES:
    text, count = re.subn(r"[0-9a-f]{64}(?= " + name + ")", hashlib.sha256(plain[name]).hexdigest(), text)
    check(f"the script has a sum of {name}", count == 1, count)
(top / "copy/scripts").mkdir(parents=True)
(top / "home").mkdir()
script = top / "copy/scripts/get-mnist"
script.write_text(text)
script.chmod(0o755)
shutil.copy(source / "scripts/packages.sh", script.parent)
first = NAMES[0] + ".gz"
half = len(packed[first]) // 2
server = Server(packed)

# a first fetch, into the folder where runner looks
code, out, err = run(script, MNIST_URL=server.url)
cache = top / "home/.cache/runner/mnist"
check("four files are fetched, the folder is printed", (code, out) == (0, str(cache)) and contents(cache) == packed, code, out, err)
check("each with one request, for the whole", server.asked == [(n + ".gz", None, len(packed[n + ".gz"])) for n in NAMES], server.asked)
server.asked.clear()
code, out, err = run(script, MNIST_URL=server.url)
check("what is there is not asked for again", (code, out, err, server.asked) == (0, str(cache), "", []), code, err, server.asked)
code, out, err = run(script, XDG_CACHE_HOME=str(top / "xdg"), MNIST_URL=server.url)
check("XDG_CACHE_HOME moves the cache", (code, out) == (0, str(top / "xdg/runner/mnist")), code, out, err)

# files in part
server.asked.clear()
place = folder((first + ".part", packed[first][:half]))
code, out, err = run(script, place, MNIST_URL=server.url)
check("a part is gone on with", code == 0 and contents(place) == packed, code, err)
check("only the rest is sent", server.asked[0] == (first, half, len(packed[first]) - half), server.asked)
server.asked.clear()
place = folder((first + ".part", packed[first]))
code, out, err = run(script, place, MNIST_URL=server.url)
check("a part that is whole is not asked for", code == 0 and contents(place) == packed and
      first not in [a[0] for a in server.asked], code, err, server.asked)
for what, part in (("longer than the file", packed[first] + b"more"), ("of something else", b"x" * half), ("empty", b"")):
    place = folder((first + ".part", part))
    code, out, err = run(script, place, MNIST_URL=server.url)
    check(f"a part {what} is fetched anew", code == 0 and contents(place) == packed, code, err)
place = folder((first, packed[first][:half]))
code, out, err = run(script, place, MNIST_URL=server.url)
check("a damaged file of the cache is fetched anew", code == 0 and contents(place) == packed, code, err)
server.ranges = False
server.asked.clear()
place = folder((first + ".part", packed[first][:half]))
code, out, err = run(script, place, MNIST_URL=server.url)
check("a server without ranges sends the whole", code == 0 and contents(place) == packed and
      server.asked[-4] == (first, None, len(packed[first])), code, err, server.asked)
server.cut = half
place = folder()
code, out, err = run(script, place, MNIST_URL=server.url)
check("without ranges and always cut: it gives up", code == 4 and "could not fetch" in err and len(server.asked) < 50, code, err)
server.ranges = True

# connections that are cut, programs that are killed
server.asked.clear()
server.cut = len(packed[first]) // 3 + 1
place = folder()
code, out, err = run(script, place, MNIST_URL=server.url)
check("a cut connection is gone on with", code == 0 and contents(place) == packed and
      [a[1] for a in server.asked[:3]] == [None, server.cut, 2 * server.cut], code, err, server.asked)
server.cut = half
server.slow.set()
server.asked.clear()
place = folder()
running = subprocess.Popen([script, place], env=environment(MNIST_URL=server.url), stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, start_new_session=True)
part = place / (first + ".part")
until = time.time() + 20
while time.time() < until and not (part.exists() and part.stat().st_size > 0):
    time.sleep(0.02)
os.killpg(running.pid, signal.SIGTERM)
running.wait()
left = contents(place)
check("a killed fetch leaves a part", list(left) == [first + ".part"] and left[first + ".part"] != b"", left.keys())
server.cut = None
server.slow.clear()
server.asked.clear()
code, out, err = run(script, place, MNIST_URL=server.url)
check("and the next one goes on there", code == 0 and contents(place) == packed and server.asked[0][:2] == (first, len(left[first + ".part"])),
      code, err, server.asked)
place = folder()
both = [subprocess.Popen([script, place], env=environment(MNIST_URL=server.url), stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL) for _ in range(2)]
check("two at once do not harm each other", [p.wait() for p in both] == [0, 0] and contents(place) == packed)

# nothing good to be had
server.files[first] = gzip.compress(b"<html>please log in</html>")
place = folder()
code, out, err = run(script, place, MNIST_URL=server.url)
check("another file is refused and removed", code == 4 and "SHA-256" in err and "removed" in err and contents(place) == {} and
      out == "", code, err, contents(place))
place = folder((first + ".part", packed[first][:half]))
server.asked.clear()
code, out, err = run(script, place, MNIST_URL=server.url)
check("also behind a good part, after a second look", code == 4 and "SHA-256" in err and contents(place) == {} and
      len(server.asked) == 2, code, err, contents(place))
server.files[first] = packed[first]
for status in (404, 503):
    server.status = status
    code, out, err = run(script, folder(), MNIST_URL=server.url)
    check(f"an answer of {status} is told", code == 4 and str(status) in err and "could not fetch" in err, code, err)
server.status = 200


def says_what_to_do(code, err, place):
    return code == 4 and "could not fetch" in err and str(place) in err and "MNIST_DIR=/that/folder runner" in err and \
        all(name + ".gz" in err for name in NAMES)


with socket.socket() as nobody:
    nobody.bind(("127.0.0.1", 0))  # bound, not listening: refused
    gone = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    place = folder((first + ".part", packed[first][:half]))
    code, out, err = run(script, place, MNIST_URL=gone)
    check("a server that is gone: plain words", says_what_to_do(code, err, place), code, err)
    check("what was fetched is kept", contents(place) == {first + ".part": packed[first][:half]})
(top / "file").write_text("")
code, out, err = run(script, top / "file/below", MNIST_URL=server.url)
check("a folder that cannot be made", code == 4 and "file" in err, code, err)

# copies that are there already
server.asked.clear()
copy = folder(*packed.items())
code, out, err = run(script, MNIST_DIR=str(copy), MNIST_URL=server.url)
check("MNIST_DIR: a good copy is named", (code, out, err) == (0, str(copy), ""), code, out, err)
code, out, err = run(script, MNIST_DIR=str(folder(*plain.items())), MNIST_URL=server.url)
check("MNIST_DIR: unpacked files will do", code == 0, code, err)
(copy / (NAMES[1] + ".gz")).unlink()
(copy / (NAMES[2] + ".gz")).write_bytes(b"")
code, out, err = run(script, MNIST_DIR=str(copy), MNIST_URL=server.url)
check("MNIST_DIR: what is missing or wrong is named", code == 4 and out == "" and f"{NAMES[1]}.gz: no such file" in err and
      f"{NAMES[2]}.gz: not MNIST's" in err and "MNIST_DIR=" in err and NAMES[0] not in err, code, err)
check("MNIST_DIR: nothing is fetched", server.asked == [], server.asked)
place = folder()
code, out, err = run(script, place, MNIST_DIR=str(copy), MNIST_URL=server.url)
check("a FOLDER given is fetched to all the same", (code, out) == (0, str(place)) and contents(place) == packed, code, err)
place = folder((NAMES[0], b"not it"))
code, out, err = run(script, place, MNIST_URL=server.url)
check("a wrong unpacked file is not ours to remove", code == 4 and "remove it" in err and (place / NAMES[0]).exists(), code, err)
code, out, err = run(script, "--help")
check("--help", code == 0 and "usage: scripts/get-mnist [FOLDER]" in out, code, out)
code, out, err = run(script, MNIST_URL=server.url, HOME="")
check("no home and no FOLDER", code == 2 and "name a folder" in err, code, err)
check("words that mean nothing", run(script, "a", "b")[0] == 2 and run(script, "--frobnicate")[0] == 2)

# and the real ones
if sys.argv[2:] == ["mnist"]:
    real = {f"{n}.gz": (pathlib.Path(os.environ["MNIST_DIR"]) / f"{n}.gz").read_bytes() for n in NAMES}
    server.files, server.asked[:] = real, []
    place = folder((first + ".part", real[first][:9000000]))
    code, out, err = run(source / "scripts/get-mnist", place, MNIST_URL=server.url)
    check("MNIST itself is fetched, and gone on with", (code, out) == (0, str(place)) and contents(place) == real and
          server.asked[0] == (first, 9000000, len(real[first]) - 9000000), code, err, server.asked)

server.shutdown()
shutil.rmtree(top)
print(f"{failures} failed")
sys.exit(failures > 0)
