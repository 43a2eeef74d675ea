"""A file of 200 MB is uploaded without being held in memory."""

from __future__ import annotations

import socket
import sys
import threading
from pathlib import Path
from subprocess import run

import pytest

SIZE = 200 * 2**20
LIMIT = 32 * 2**20
CLIENT = """
import sys
from pathlib import Path
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import FileContent
from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress
from qcpump_qt.qatrack.server import QATrackServer

def peak():
    import resource
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

url, small, large, encoding = sys.argv[1:]
with QATrackServer(ServerAddress(url, "token"), NetworkSettings("test"), CancelToken()) as server:
    def send(path):
        server.post({"user_key": path, "tests": {"u": {"value": FileContent(Path(path), encoding)}}})
    send(small)
    before = peak()
    send(large)
    print(peak() - before)
"""


class Counting(threading.Thread):
    """Takes whole requests, counts their bytes and says 201."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.taken: list[int] = []

    def run(self) -> None:
        connection, _ = self.listener.accept()
        with connection, connection.makefile("rb") as stream:
            while length := self._length(stream):
                left = length
                while left:
                    left -= len(stream.read(min(left, 2**20)))
                self.taken.append(length)
                answer = b'{"url": "http://x/1/"}'
                connection.sendall(
                    b"HTTP/1.1 201 Created\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer)
                )

    @staticmethod
    def _length(stream: object) -> int:
        length = 0
        while (line := stream.readline()) not in (b"\r\n", b""):  # type: ignore[attr-defined]
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return length


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is read with the module resource")
@pytest.mark.parametrize("encoding", ["base64", "text"])
def test_a_large_file_costs_little_memory(tmp_path: Path, encoding: str) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x" * 300_000)
    with large.open("wb") as file:
        if encoding == "base64":
            file.truncate(SIZE)
        else:
            for _ in range(SIZE // 2**20):
                file.write(b"x" * 2**20)
    server = Counting()
    server.start()
    url = f"http://127.0.0.1:{server.listener.getsockname()[1]}/api"
    done = run(
        [sys.executable, "-W", "error", "-c", CLIENT, url, str(small), str(large), encoding],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    server.join(10)
    server.listener.close()
    assert done.returncode == 0, done.stderr
    assert server.taken[1] > (SIZE * 4 // 3 if encoding == "base64" else SIZE)
    assert int(done.stdout) < LIMIT
