"""An engine in Python, with its standard library alone: python3 engine.py [PORT]"""
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            words = json.loads(body)["text"].split()
        except (ValueError, TypeError, KeyError, AttributeError):
            return self.answer(422, {"code": "no_text", "detail": "The input has no text."})
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for done, word in enumerate(words, 1):
            time.sleep(0.5 if self.path == "/slowly" else 0)  # the work
            self.line({"output": {"delta": word.upper() + " "}})
            self.line({"progress": {"fraction": done / len(words)}})
            self.line({"usage": {"units": done}})  # what a cancelled job costs
        self.line({"result": {"text": " ".join(words).upper()}, "units": len(words)})
        self.wfile.write(b"0\r\n\r\n")

    def line(self, value):
        data = json.dumps(value).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def answer(self, status, value):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


port = int(sys.argv[1]) if len(sys.argv) > 1 else 8701
ThreadingHTTPServer(("127.0.0.1", port), Engine).serve_forever()
