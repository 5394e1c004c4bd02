/**
 * Tests of behalf.ts: npm install && npm test
 *
 * Those named "running" need a Behalf: BEHALF_SERVER and BEHALF_API_KEY, and those of platforms also
 * BEHALF_PLATFORM_ID and BEHALF_PLATFORM_SECRET. All others play the server themselves.
 */

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { after, describe, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import {
  ApiError, Client, NoAnswerError, Platform, WaitTimeoutError, WebhookError, verifyWebhook,
  type ClientOptions, type JobEvent, type Lines,
} from "./behalf.ts";

const KEY = "bh_test_000000000000000000000000000000000000000000001DUvLQ";
const JOB = { id: "0190a5c8-0000-7000-8000-000000000001", state: "succeeded", result: { text: "hi" } };
const STREAM = "text/event-stream";

type Piece = string | Uint8Array | number;
type Prepared = readonly Piece[] | null | ((socket: Socket) => readonly Piece[] | null | Promise<null>);

interface Seen {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Whether the body came to its end. */
  whole: boolean;
}

function answer(status: number, body?: unknown, ...headers: string[]): readonly Piece[] {
  const data = Buffer.from(typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body));
  const lines = [`HTTP/1.1 ${status} x`, "Content-Type: application/json", `Content-Length: ${data.length}`, "Connection: close"];
  return [[...lines, ...headers].join("\r\n") + "\r\n\r\n", data];
}

function chunked(media: string, parts: readonly (string | Uint8Array | number)[], end = true): readonly Piece[] {
  const framed = parts.flatMap((part): Piece[] => {
    if (typeof part === "number") {
      return [part];
    }
    const data = Buffer.from(part);
    return [Buffer.concat([Buffer.from(data.length.toString(16) + "\r\n"), data, Buffer.from("\r\n")])];
  });
  const head = `HTTP/1.1 200 x\r\nContent-Type: ${media}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
  return [head, ...framed, ...(end ? ["0\r\n\r\n"] : [])];
}

/** A server that gives prepared answers, one for each connection; null cuts it without an answer. */
class Played {
  readonly requests: Seen[] = [];
  readonly #answers: Prepared[];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(answers: readonly Prepared[]) {
    this.#answers = [...answers];
    this.#server = createServer((socket) => void this.#serve(socket).catch(() => socket.destroy()));
  }

  static async start(answers: readonly Prepared[], port = 0): Promise<Played> {
    const played = new Played(answers);
    await new Promise<void>((resolve) => played.#server.listen(port, "127.0.0.1", resolve));
    played.#server.unref(); // a test that fails must not keep the process
    const bound = played.#server.address();
    played.#port = typeof bound === "object" && bound ? bound.port : 0;
    after(() => played.close());
    return played;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  close(): void {
    this.#server.close();
    this.#sockets.forEach((socket) => socket.destroy());
  }

  async #serve(socket: Socket): Promise<void> {
    this.#sockets.add(socket.unref());
    socket.on("error", () => undefined);
    let data = Buffer.alloc(0);
    let ended = false;
    let wake = () => {};
    socket.on("data", (more) => ((data = Buffer.concat([data, more])), wake()));
    socket.on("close", () => ((ended = true), wake()));
    const until = async (found: () => boolean) => {
      while (!found() && !ended) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    await until(() => data.includes("\r\n\r\n"));
    if (!data.includes("\r\n\r\n")) {
      return;
    }
    const at = data.indexOf("\r\n\r\n") + 4;
    const [first = "", ...lines] = data.subarray(0, at).toString().trim().split("\r\n");
    const [method = "", path = ""] = first.split(" ");
    const headers = Object.fromEntries(lines.map((line) => [line.split(":")[0]?.toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
    const seen: Seen = { method, path, headers, body: "", whole: true };
    this.requests.push(seen);
    const next = this.#answers.shift();
    let prepared: readonly Piece[] | null;
    if (typeof next === "function") {
      prepared = await next(socket); // decides before it has the body
    } else {
      prepared = next === undefined ? answer(500) : next;
    }
    if (typeof next === "function") {
      seen.whole = false;
    } else if (headers["transfer-encoding"] === "chunked") {
      await until(() => data.includes("\r\n0\r\n\r\n"));
      seen.whole = data.includes("\r\n0\r\n\r\n");
      seen.body = dechunk(data.subarray(at));
    } else {
      const length = Number(headers["content-length"] ?? 0);
      await until(() => data.length >= at + length);
      seen.body = data.subarray(at, at + length).toString();
    }
    if (prepared === null) {
      socket.resetAndDestroy();
      return;
    }
    for (const piece of prepared) {
      if (typeof piece === "number") {
        await pause(piece, undefined, { ref: false });
      } else {
        socket.write(piece);
        await pause(0);
      }
    }
    socket.end();
  }
}

function dechunk(data: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at < data.length; ) {
    const line = data.indexOf("\r\n", at);
    const size = parseInt(data.subarray(at, line).toString(), 16);
    parts.push(data.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts).toString();
}

function client(server: string, options: ClientOptions = {}): Client {
  return new Client({ server, apiKey: KEY, deadline: 5, timeout: 2, ...options });
}

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) {
    all.push(value);
  }
  return all;
}

async function freePort(): Promise<number> {
  const played = await Played.start([]);
  played.close();
  return played.port;
}

/** Fails unless a call is refused with a status and a code. */
function refused(status: number, code: string) {
  return (error: unknown) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.deepEqual([error.status, error.code], [status, code]);
    return true;
  };
}

describe("repeats", { timeout: 60_000 }, () => {
  test("a submission is repeated under its key until it is answered", async () => {
    const played = await Played.start([null, answer(503, { code: "unavailable" }), answer(429, {}, "Retry-After: 0"), answer(202, JOB)]);
    const job = await client(played.address).jobs.submit("echo", { text: "hi" }, { tags: ["a"] });
    assert.equal(job.id, JOB.id);
    assert.equal(played.requests.length, 4);
    assert.equal(new Set(played.requests.map((request) => request.headers["idempotency-key"])).size, 1);
    assert.deepEqual(JSON.parse(played.requests[3]!.body), { payload: { text: "hi", operation: "echo" }, tags: ["a"] });
  });

  test("a replay that is answered with 200 is a success", async () => {
    const played = await Played.start([answer(200, JOB, "Idempotent-Replayed: true")]);
    assert.equal((await client(played.address).jobs.submit("echo", {}, { idempotencyKey: "k" })).state, "succeeded");
  });

  test("a submission waits for a server that is down", async () => {
    const port = await freePort();
    const starting = pause(1000).then(() => Played.start([answer(202, JOB)], port));
    assert.equal((await client(`http://127.0.0.1:${port}`, { deadline: 15 }).jobs.submit("echo", { text: "hi" })).id, JOB.id);
    await starting;
  });

  test("the deadline ends the repeats", async () => {
    const began = performance.now();
    await assert.rejects(client(`http://127.0.0.1:${await freePort()}`, { deadline: 1 }).me(), (error) => error instanceof NoAnswerError && !error.sent);
    assert.ok(performance.now() - began < 2000);
  });

  test("a key is not issued twice", async () => {
    const played = await Played.start([null, answer(201, {})]);
    await assert.rejects(client(played.address).keys.issue("k", ["jobs:read"]), (error) => error instanceof NoAnswerError && error.sent);
    assert.equal(played.requests.length, 1);
  });

  test("a Retry-After beyond the deadline is not waited for", async () => {
    const played = await Played.start([answer(429, { code: "quota_exceeded" }, "Retry-After: 86400")]);
    const began = performance.now();
    await assert.rejects(client(played.address).me(), (error) => error instanceof ApiError && error.retryAfter === 86400);
    assert.ok(performance.now() - began < 2000);
  });

  test("a Retry-After may be a date of the server's clock", async () => {
    const at = 1_000_000_000_000;
    const dates = ["Date: " + new Date(at).toUTCString(), "Retry-After: " + new Date(at + 1000).toUTCString()];
    const played = await Played.start([answer(503, {}, ...dates), answer(200, { user_id: "u" })]);
    const began = performance.now();
    assert.equal((await client(played.address).me()).user_id, "u");
    assert.ok(performance.now() - began >= 990);
  });

  test("a refusal is not repeated", async () => {
    const problem = { title: "Invalid input", detail: "d", code: "payload_invalid", field: "text", errors: [{ pointer: "/text", detail: "d" }], trace_id: "t" };
    const played = await Played.start([answer(422, problem)]);
    await assert.rejects(client(played.address).jobs.submit("echo", {}), (error) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.code, error.field, error.traceId, error.errors[0]?.pointer], ["payload_invalid", "text", "t", "/text"]);
      return true;
    });
    assert.equal(played.requests.length, 1);
  });

  test("a delete whose answer was lost is done", async () => {
    const gone = answer(404, { code: "not_found" });
    const played = await Played.start([answer(200, { access_token: "t", expires_in: 600 }), null, gone, gone]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "s", deadline: 5 });
    await platform.users.delete("u");
    await assert.rejects(platform.users.delete("u"), refused(404, "not_found"));
  });

  test("a platform calls any other route as itself", async () => {
    const played = await Played.start([answer(200, { access_token: "t", expires_in: 600 }), answer(201, { secret: "whsec_" })]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "s" });
    assert.deepEqual(await platform.request("POST", "/api/v1/webhooks", { url: "https://a.example" }), { secret: "whsec_" });
    await assert.rejects(platform.request("GET", "api"), TypeError);
  });

  test("a delete of nobody is told although it was repeated", async () => {
    const played = await Played.start([answer(200, { access_token: "t", expires_in: 600 }), answer(503), answer(404, { code: "not_found" })]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "s", deadline: 5 });
    await assert.rejects(platform.users.delete("u"), refused(404, "not_found"));
  });

  test("an answer of another kind of server is no answer", async () => {
    const html = answer(200, "<html>").map((piece) => (typeof piece === "string" ? piece.replace("application/json", "text/html") : piece));
    for (const other of [html, answer(200, "[]"), answer(200, '{"jobs":1}')]) {
      const played = await Played.start([other]);
      await assert.rejects(collect(client(played.address).jobs.list()), NoAnswerError);
    }
  });

  test("a silent server is given up", async () => {
    for (const silent of [[5000], ["HTTP/1.1 200 x\r\nContent-Length: 9\r\n\r\n{", 5000]]) {
      const played = await Played.start(Array.from({ length: 9 }, () => silent));
      const began = performance.now();
      await assert.rejects(client(played.address, { timeout: 0.5, deadline: 0.6 }).me(), NoAnswerError);
      assert.ok(performance.now() - began < 3000);
    }
  });

  test("a body that is cut is read again", async () => {
    const short = ["HTTP/1.1 200 x\r\nContent-Length: 99\r\n\r\n{}"];
    const played = await Played.start([short, chunked("application/json", ["{"], false), answer(200, { user_id: "u" })]);
    assert.equal((await client(played.address).me()).user_id, "u");
  });

  test("another reader of JSON keeps all digits of a number", async () => {
    const played = await Played.start([answer(200, '{"id":"j","state":"succeeded","result":9007199254740993}')]);
    const json = { stringify: JSON.stringify, parse: (text: string): unknown => JSON.parse(text.replace(/:(\d{16,})/g, ':"$1"')) };
    assert.equal((await client(played.address, { json }).jobs.get("j")).result, "9007199254740993");
  });
});

describe("secrets", { timeout: 60_000 }, () => {
  test("a key does not go over plain HTTP to another machine", () => {
    for (const server of ["http://behalf.example.com", "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1"]) {
      assert.throws(() => client(server), TypeError);
    }
    client("http://10.0.0.1", { allowHttp: true });
    ["http://localhost:1", "http://127.0.0.1", "http://[::1]:1", "https://behalf.example.com/below"].forEach((server) => client(server));
  });

  test("a wrong address or key is not shown", () => {
    for (const [server, apiKey] of [["https://user:pass-word@example.com", KEY], ["https://example.com", KEY + "\n"], ["https://example.com", ""]]) {
      assert.throws(() => new Client({ server, apiKey }), (error) => error instanceof TypeError && !/pass-word|bh_test/.test(error.message));
    }
  });

  test("no error and no text of a client has the key", async () => {
    const played = await Played.start([answer(401, { code: "key_invalid" }), null, answer(302, undefined, "Location: http://example.com")]);
    const used = client(played.address, { deadline: 0.1 });
    let texts = inspect(used, { depth: 9, showHidden: true }) + JSON.stringify(used);
    for (let i = 0; i < 3; i++) {
      texts += await used.me().then(() => assert.fail(), (error: unknown) => inspect(error, { depth: 9, showHidden: true }));
    }
    assert.equal(played.requests[0]?.headers["authorization"], "Api-Key " + KEY);
    assert.ok(!texts.includes(KEY));
  });

  test("a redirect is not followed", async () => {
    const other = await Played.start([answer(200, {})]);
    const played = await Played.start([answer(307, undefined, "Location: " + other.address)]);
    await assert.rejects(client(played.address).me(), refused(307, ""));
    assert.equal(other.requests.length, 0);
  });

  test("an id cannot lead to another address", async () => {
    const played = await Played.start([answer(200, JOB)]);
    for (const wrong of ["", ".", ".."]) {
      await assert.rejects(client(played.address).jobs.get(wrong), TypeError);
    }
    await assert.rejects(client(played.address).request("GET", ".example.com/"), TypeError);
    await client(played.address).jobs.get("../users?x#y");
    assert.equal(played.requests[0]?.path, "/api/v1/jobs/..%2Fusers%3Fx%23y");
  });
});

describe("streams", { timeout: 60_000 }, () => {
  test("all line ends and all places of a cut are read", async () => {
    const text =
      '\ufeff: comment\n\nid:1\nevent:output\ndata:{"delta":\ndata: "ü€😀"}\nunknown:x\nretry:9\n\n' +
      'event:dropped\n\nid:2\nevent:end\ndata:{"state":"succeeded"}\n\n';
    for (const lineEnd of ["\n", "\r", "\r\n"]) {
      const data = Buffer.from(text.replaceAll("\n", lineEnd));
      for (const size of [1, 2, 3, data.length]) {
        const parts = Array.from({ length: Math.ceil(data.length / size) }, (_, i) => data.subarray(i * size, (i + 1) * size));
        const played = await Played.start([chunked(STREAM, parts)]);
        const expected: JobEvent[] = [{ id: "1", name: "output", data: { delta: "ü€😀" } }, { id: "2", name: "end", data: { state: "succeeded" } }];
        assert.deepEqual(await collect(client(played.address).jobs.stream("j")), expected);
      }
    }
  });

  test("a stream that is cut goes on behind its last event", async () => {
    const played = await Played.start([
      chunked(STREAM, ["id:1\nevent:output\ndata:{}\n\n", 50, "id:2\nevent:output\nda", 50], false),
      chunked(STREAM, [":\n\n"]), null, answer(503),
      chunked(STREAM, ["id:2\nevent:output\ndata:{}\n\nid:9\nevent:end\ndata:{}\n\n"]),
    ]);
    assert.deepEqual((await collect(client(played.address).jobs.stream("j"))).map((event) => event.id), ["1", "2", "9"]);
    assert.deepEqual(played.requests.map((request) => request.headers["last-event-id"]), ["0", "1", "1", "1", "1"]);
  });

  test("a stream behind the end is empty", async () => {
    const played = await Played.start([["HTTP/1.1 204 x\r\n\r\n"]]);
    assert.deepEqual(await collect(client(played.address).jobs.stream("j", { after: "9000000000000000" })), []);
  });

  test("a loop that is left closes the stream", async () => {
    let closed = false;
    const played = await Played.start([async (socket) => {
      socket.on("close", () => (closed = true));
      chunked(STREAM, ["id:1\nevent:output\ndata:{}\n\n"], false).forEach((piece) => socket.write(piece as string));
      await pause(5000, undefined, { ref: false });
      return null;
    }]);
    for await (const event of client(played.address).jobs.stream("j")) {
      assert.equal(event.id, "1");
      break;
    }
    await pause(200);
    assert.ok(closed);
  });

  test("a wait polls if there is no stream", async () => {
    const played = await Played.start([answer(406, {}), answer(200, { ...JOB, state: "running" }), answer(200, JOB)]);
    assert.equal((await client(played.address).jobs.wait("j", { timeout: 10 })).state, "succeeded");
    assert.match(played.requests[1]!.headers["prefer"]!, /^wait=[0-9]+$/);
  });

  test("a wait polls at once if there are too many streams", async () => {
    const played = await Played.start([answer(429, { code: "rate_limited" }, "Retry-After: 5"), answer(200, JOB)]);
    const began = performance.now();
    assert.equal((await client(played.address).jobs.wait("j", { timeout: 60 })).state, "succeeded");
    assert.ok(performance.now() - began < 2000);
  });

  test("a wait ends in time although the stream goes on", async () => {
    const signs = Array.from({ length: 20 }, () => [":\n", 200]).flat();
    const played = await Played.start([chunked(STREAM, signs), answer(200, { ...JOB, state: "running" })]);
    const began = performance.now();
    await assert.rejects(
      client(played.address).jobs.wait("j", { timeout: 1 }),
      (error) => error instanceof WaitTimeoutError && "state" in error.last && error.last.state === "running",
    );
    assert.ok(performance.now() - began < 3500);
  });

  test("an endless line is given up", async () => {
    const played = await Played.start([chunked(STREAM, Array.from({ length: 80 }, () => "x".repeat(65536)))]);
    await assert.rejects(collect(client(played.address).jobs.stream("j")), NoAnswerError);
  });

  test("pages in a circle end", async () => {
    const played = await Played.start(["a", "b", "a", "b"].map((next) => answer(200, { jobs: [JOB], next })));
    await assert.rejects(collect(client(played.address).jobs.list({ query: "state:failed op:echo" })), NoAnswerError);
    assert.equal(played.requests[1]?.path, "/api/v1/jobs?q=state%3Afailed%20op%3Aecho&limit=100&cursor=a");
  });
});

describe("uploads", { timeout: 60_000 }, () => {
  const BATCH = { id: "b", complete: true };
  const ME = answer(200, { user_id: "u" });
  const lines = [{ operation: "echo", text: "ü" }, { operation: "echo", text: "two" }];
  const data = lines.map((line) => JSON.stringify(line) + "\n").join("");

  test("a batch is sent while it is made, and may be refused early", async () => {
    let made = 0;
    let seen = Infinity;
    const early: Prepared = () => {
      seen = made;
      return answer(413, { code: "payload_too_large" });
    };
    const played = await Played.start([ME, early]);
    async function* many() {
      for (; made < 3000; made++) {
        yield { operation: "echo", text: "x".repeat(1000) };
        await pause(made % 100 === 0 ? 10 : 0);
      }
    }
    await assert.rejects(client(played.address).batches.create(many()), refused(413, "payload_too_large"));
    assert.ok(seen < 3000);
  });

  test("lines that can be read again are sent again under the same key", async () => {
    async function* bytes() {
      yield Buffer.from(data.slice(0, 10));
      yield Buffer.from(data.slice(10));
    }
    const sources: (Lines | (() => Lines))[] = [lines, new Set(lines), new Blob([data]), bytes, () => new Blob([data]).stream(), () => lines.values()];
    for (const source of sources) {
      const played = await Played.start([null, answer(409, { code: "upload_in_progress" }), answer(202, BATCH)]);
      await client(played.address).batches.create(source, { name: "a b", tags: ["x", "y"] });
      assert.deepEqual(played.requests.map((request) => request.body), [data, data, data]);
      assert.equal(new Set(played.requests.map((request) => request.headers["idempotency-key"])).size, 1);
      assert.equal(played.requests[0]?.path, "/api/v1/batches?name=a%20b&tag=x&tag=y");
    }
  });

  test("an iterator is not sent twice", async () => {
    for (const source of [lines.values(), new Blob([data]).stream()]) {
      const played = await Played.start([ME, null, answer(202, BATCH)]);
      await assert.rejects(client(played.address).batches.create(source), NoAnswerError);
      assert.equal(played.requests.length, 2);
    }
  });

  test("an iterator waits for a server that is down", async () => {
    const port = await freePort();
    const starting = pause(1000).then(() => Played.start([ME, answer(202, BATCH)], port));
    assert.equal((await client(`http://127.0.0.1:${port}`, { deadline: 15 }).batches.create(lines.values())).id, "b");
    assert.equal((await starting).requests[1]?.body, data);
  });

  test("another file under a key is refused at once", async () => {
    const played = await Played.start([answer(422, { code: "idempotency_key_reused" })]);
    const created = client(played.address, { deadline: 20 }).batches.create(lines, { idempotencyKey: "k" });
    await assert.rejects(created, refused(422, "idempotency_key_reused"));
    assert.equal(played.requests.length, 1);
  });

  test("an error of the caller's lines is theirs, and leaves the upload open", async () => {
    function* failing() {
      yield { operation: "echo", text: "x".repeat(70_000) };
      throw new Error("of the caller's database");
    }
    const played = await Played.start([answer(202, BATCH)]);
    await assert.rejects(client(played.address).batches.create(failing), /database/);
    await pause(200);
    assert.ok(played.requests.every((request) => !request.whole));
  });

  test("results that are cut go on behind the last line", async () => {
    const media = "application/x-ndjson;charset=UTF-8";
    const [one, two, three] = [1, 2, 4].map((line) => JSON.stringify({ line, state: "succeeded" }) + "\n") as [string, string, string];
    const played = await Played.start([chunked(media, [one, 50, two.slice(0, 9), 50], false), chunked(media, [one + two, three])]);
    assert.deepEqual((await collect(client(played.address).batches.results("b"))).map((line) => line.line), [1, 2, 4]);
  });

  test("a platform imports any number of users", async () => {
    const outcome = (count: number) => answer(200, Array.from({ length: count }, (_, n) => `{"line":${n + 1},"outcome":"created"}\n`).join(""));
    const played = await Played.start([answer(200, { access_token: "t", expires_in: 600 }), outcome(5000), outcome(1)]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "s" });
    const outcomes = await platform.users.importAll(Array.from({ length: 5001 }, (_, n) => ({ external_id: String(n) })));
    assert.deepEqual(outcomes.map((each) => each.line), Array.from({ length: 5001 }, (_, n) => n + 1));
  });
});

describe("tokens", { timeout: 60_000 }, () => {
  test("a token is shared, and renewed before its end and when it is refused", async () => {
    const token = (name: string, lifetime: number) => answer(200, { access_token: name, expires_in: lifetime, token_type: "Bearer" });
    const me = answer(200, { user_id: "u" });
    const played = await Played.start([token("t1", 600), me, me, answer(401, { code: "token_invalid" }), token("t2", 1), me, token("t3", 600), me]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "s:cret" });
    await Promise.all([platform.onBehalfOf("a").me(), platform.onBehalfOf("a").me()]);
    await platform.onBehalfOf("c").me();
    await pause(600);
    await platform.onBehalfOf("d").me();
    const used = played.requests.filter((request) => request.method === "GET");
    assert.deepEqual(
      used.map(({ headers }) => `${headers["authorization"]} ${headers["behalf-on-behalf-of"]}`),
      ["Bearer t1 a", "Bearer t1 a", "Bearer t1 c", "Bearer t2 c", "Bearer t3 d"],
    );
    assert.equal(played.requests[0]?.headers["authorization"], "Basic aWQ6cyUzQWNyZXQ=");
  });

  test("a wrong secret is told by its code", async () => {
    const played = await Played.start([answer(401, { error: "invalid_client" })]);
    const platform = new Platform({ server: played.address, clientId: "id", clientSecret: "secret-text" });
    await assert.rejects(platform.users.get("u"), (error) => refused(401, "invalid_client")(error) && !inspect([platform, error], { depth: 9 }).includes("secret-text"));
  });

  test("an external id cannot add a header", () => {
    const platform = new Platform({ server: "https://example.com", clientId: "id", clientSecret: "s" });
    for (const wrong of ["", "a\r\nX: y", "a b", "ä", "x".repeat(256), "a\n"]) {
      assert.throws(() => platform.onBehalfOf(wrong), TypeError);
    }
  });
});

describe("webhooks", () => {
  // Made from docs/api.md#webhooks with another implementation of HMAC-SHA-256 (openssl dgst -hmac).
  const SECRET = "whsec_YmVoYWxmLXdlYmhvb2stdGVzdC1zZWNyZXQtMzJieXQ=";
  const AT = 1795514400;
  const BODY =
    '{"type":"job.succeeded","timestamp":"2026-11-24T10:00:00.123456Z","data":{"id":"0190a5c8-0000-7000-8000-000000000001",' +
    '"environment":"live","operation":"echo","state":"succeeded","attempt":1,"units":1,' +
    '"created_at":"2026-11-24T09:59:59Z","finished_at":"2026-11-24T10:00:00Z"}}';
  const SIGNATURE = "v1,U9Ja88+eDcMjK07o26iQ6rENZYX15mZ9j49O83XW04s=";
  const HEADERS = { "Webhook-Id": "msg_019adf0c1a2b4f0e9d8c7b6a59483726", "webhook-timestamp": String(AT), "WEBHOOK-SIGNATURE": SIGNATURE };

  const verify = (changes: Partial<Record<keyof typeof HEADERS, string | undefined>> = {}, body = BODY, now = AT, secret = SECRET) =>
    verifyWebhook(secret, { ...HEADERS, ...changes }, Buffer.from(body), { now });

  test("a genuine delivery is accepted", async () => {
    const event = await verify();
    assert.deepEqual([event.id, event.type, event.data["operation"]], [HEADERS["Webhook-Id"], "job.succeeded", "echo"]);
    await verify({}, BODY, AT + 299);
    await verify({}, BODY, AT - 299);
    await verifyWebhook(SECRET, new Headers(HEADERS), new TextEncoder().encode(BODY), { now: AT });
  });

  test("one of two signatures is enough", async () => {
    for (const both of [`v1,AAAA ${SIGNATURE}`, `${SIGNATURE} v1,AAAA`, `v1a,xx ${SIGNATURE}`]) {
      await verify({ "WEBHOOK-SIGNATURE": both });
    }
  });

  test("anything else is refused", async () => {
    const wrong = [
      verify({}, BODY + " "), verify({}, BODY.replace("live", "test")), verify({}, ""), verify({}, BODY, AT + 301), verify({}, BODY, AT - 301),
      verify({}, BODY, NaN), verify({}, BODY, AT, "whsec_" + "A".repeat(44)), verify({ "Webhook-Id": "msg_other" }),
      ...["1795514401", "1795514400.0", "x"].map((timestamp) => verify({ "webhook-timestamp": timestamp })),
      ...[SIGNATURE.replace("v1,", "v2,"), SIGNATURE.slice(3), SIGNATURE.slice(0, 30), "v1,", "v1,\udcff"].map((text) => verify({ "WEBHOOK-SIGNATURE": text })),
      ...(Object.keys(HEADERS) as (keyof typeof HEADERS)[]).flatMap((name) => [verify({ [name]: undefined }), verify({ [name]: "" })]),
    ];
    for (const result of await Promise.allSettled(wrong)) {
      assert.ok(result.status === "rejected" && result.reason instanceof WebhookError, inspect(result));
    }
  });

  test("a secret without a key signs nothing", async () => {
    for (const secret of ["whsec_", "", "c2VjcmV0", "whsec_*"]) {
      await assert.rejects(verify({}, BODY, AT, secret), TypeError);
    }
  });
});

const { BEHALF_SERVER, BEHALF_API_KEY, BEHALF_PLATFORM_ID, BEHALF_PLATFORM_SECRET } = process.env;
const needsServer = BEHALF_SERVER && BEHALF_API_KEY ? false : "set BEHALF_SERVER and BEHALF_API_KEY to test against a running Behalf";
const needsPlatform =
  BEHALF_SERVER && BEHALF_PLATFORM_ID && BEHALF_PLATFORM_SECRET
    ? false
    : "set BEHALF_SERVER, BEHALF_PLATFORM_ID and BEHALF_PLATFORM_SECRET to test a platform";

describe("running", { skip: needsServer, timeout: 240_000 }, () => {
  const running = () => new Client();

  test("a job is done and charged", async () => {
    const text = `ü€😀 ${randomUUID()}`;
    const job = await running().jobs.submit("echo", { text }, { priority: "high", tags: ["client.test"], metadata: { run: "1" } });
    assert.deepEqual([job.tags, job.metadata, job.priority], [["client.test"], { run: "1" }, "high"]);
    const done = await running().jobs.wait<{ text: string }>(job.id, { timeout: 60 });
    assert.deepEqual([done.state, done.result, done.units], ["succeeded", { text }, 1]);
    assert.equal((await running().jobs.receipt(job.id))["units"], 1);
    assert.deepEqual((await collect(running().jobs.stream(job.id))).map((event) => event.name), ["end"]);
    assert.match((await running().jobs.watchToken(job.id)).token, /^bhw_/);
  });

  test("a page reads a job with its watch token", async () => {
    const job = await running().jobs.submit("echo", { text: "hi" });
    const page = new Client({ accessToken: job.watch_token?.token });
    assert.equal((await page.jobs.wait(job.id, { timeout: 60 })).state, "succeeded");
    await assert.rejects(page.me(), ApiError);
  });

  test("a submission can wait", async () => {
    assert.equal((await running().jobs.submit("echo", { text: "hi" }, { wait: 30 })).state, "succeeded");
  });

  test("the same key gives the same job and no other payload", async () => {
    const idempotencyKey = randomUUID();
    const first = await running().jobs.submit("echo", { text: "one" }, { idempotencyKey });
    assert.equal((await running().jobs.submit("echo", { text: "one" }, { idempotencyKey, wait: 30 })).id, first.id);
    await assert.rejects(running().jobs.submit("echo", { text: "two" }, { idempotencyKey }), refused(422, "idempotency_key_reused"));
  });

  test("a job is cancelled and retried", async () => {
    const job = await running().jobs.submit("echo", { text: "later" }, { notBefore: new Date(Date.now() + 3_600_000) });
    assert.equal((await running().jobs.get(job.id)).waiting?.reason, "not_before");
    await assert.rejects(running().jobs.wait(job.id, { timeout: 1 }), WaitTimeoutError);
    assert.equal((await running().jobs.cancel(job.id)).state, "cancelled");
    assert.equal((await running().jobs.wait(job.id, { timeout: 10 })).state, "cancelled");
    const retried = await running().jobs.retry(job.id);
    assert.equal(retried.retry_of, job.id);
    assert.equal((await running().jobs.retry(job.id)).id, retried.id);
    assert.equal((await running().jobs.wait(retried.id, { timeout: 60 })).state, "succeeded");
  });

  test("lists have all pages", async () => {
    const tag = "t" + randomUUID();
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.push((await running().jobs.submit("echo", { text: String(n) }, { tags: [tag] })).id);
    }
    assert.deepEqual((await collect(running().jobs.list({ query: `tag:${tag}`, pageSize: 2 }))).map((job) => job.id), ids.reverse());
  });

  test("a wrong input is told rule by rule", async () => {
    await assert.rejects(running().jobs.submit("echo", { text: 5, more: true }), (error) => {
      assert.ok(refused(422, "payload_invalid")(error) && error instanceof ApiError);
      assert.ok(error.errors.some((each) => each.pointer === "/text") && error.traceId !== "");
      return true;
    });
    await assert.rejects(running().jobs.get(randomUUID()), refused(404, "not_found"));
    await assert.rejects(new Client({ apiKey: KEY }).me(), refused(401, "key_invalid"));
  });

  test("the output of a long operation is streamed", async (context) => {
    if (!(await running().operations.list()).some((operation) => operation.name === "shout-slowly")) {
      return context.skip("the server does not offer shout-slowly of samples/engines");
    }
    const job = await running().jobs.submit("shout-slowly", { text: "one two three" });
    const events = await collect(running().jobs.stream(job.id));
    assert.equal(events.filter((event) => event.name === "output").map((event) => event.data.delta).join(""), "ONE TWO THREE ");
    assert.deepEqual([events.at(-1)?.name, events.at(-1)?.data.state], ["end", "succeeded"]);
    // From the middle, and behind the end.
    assert.deepEqual(await collect(running().jobs.stream(job.id, { after: events[1]!.id })), events.slice(2));
    assert.deepEqual(await collect(running().jobs.stream(job.id, { after: events.at(-1)!.id })), []);
  });

  test("a batch has results in its order", async () => {
    function* lines() {
      for (let n = 0; n < 300; n++) {
        yield { operation: n === 7 ? "unknown" : "echo", text: `ü ${n}` };
      }
    }
    const batch = await running().batches.create(lines(), { name: "client test", tags: ["client.test"] });
    assert.deepEqual([batch.lines, batch.queued, batch.complete, batch.invalid_lines?.[0]?.line], [300, 299, true, 8]);
    assert.deepEqual((await running().batches.wait(batch.id, { timeout: 120 })).jobs, { succeeded: 299 });
    const results = await collect(running().batches.results<{ text: string }>(batch.id));
    assert.deepEqual(results.map((line) => line.line), Array.from({ length: 300 }, (_, n) => n + 1));
    assert.deepEqual([results[7]?.state, results[299]?.result?.text], ["invalid", "ü 299"]);
    assert.ok((await collect(running().batches.list())).some((each) => each.id === batch.id));
  });

  test("an upload that broke off goes on", async () => {
    const lines = Array.from({ length: 400 }, (_, n) => ({ operation: "echo", text: String(n).padStart(250, "0") }));
    const idempotencyKey = randomUUID();
    function* broken() {
      yield* lines.slice(0, 300);
      throw new Error("broken off");
    }
    await assert.rejects(running().batches.create(broken(), { idempotencyKey }), /broken off/);
    const batch = await running().batches.create(lines, { idempotencyKey });
    assert.deepEqual([batch.lines, batch.queued, batch.complete], [400, 400, true]);
    assert.equal((await running().batches.create(lines, { idempotencyKey })).id, batch.id);
    await running().batches.cancel(batch.id);
    assert.ok((await running().batches.wait(batch.id, { timeout: 120 })).completed_at);
  });

  test("the user is told who they are and what is left", async () => {
    const me = await running().me();
    const [month, ...others] = await running().usage();
    assert.ok(month && others.length === 0);
    assert.deepEqual([month.environment, month.left], [me.environment, Math.max(0, month.limit - month.used - month.held)]);
    assert.equal((await running().operations.get("echo")).name, "echo");
    assert.ok("pauses" in ((await running().request("GET", "/api/v1/pauses")) as object));
  });
});

describe("running platform", { skip: needsPlatform, timeout: 120_000 }, () => {
  test("a platform has users and acts for them", async () => {
    const platform = new Platform();
    const name = `client|test:${randomUUID()}`;
    const user = await platform.users.put(name, { name: "Ada", quota: { live: 100, test: 100 }, metadata: { plan: "a" } });
    assert.deepEqual(await platform.users.put(name), user);
    assert.deepEqual((await platform.users.put(name, { metadata: {} })).metadata, {});
    const ada = platform.onBehalfOf(name);
    assert.equal((await ada.me()).user_id, user.user_id);
    const job = await ada.jobs.wait((await ada.jobs.submit("echo", { text: "hi" }, { environment: "test" })).id, { timeout: 60 });
    assert.deepEqual(job.result, { text: "hi" });
    const expiresAt = new Date(Date.now() + 3_600_000);
    const issued = await ada.keys.issue("client test", ["jobs:read"], { environment: "test", dailyCap: 5, expiresAt });
    assert.equal((await new Client({ apiKey: issued.secret }).jobs.get(job.id)).id, job.id);
    assert.ok((await ada.keys.list()).some((key) => key.id === issued.key.id));
    assert.equal((await ada.keys.revoke(issued.key.id)).state, "revoked");
    assert.ok((await platform.users.disable(name)).disabled_at);
    assert.equal((await platform.users.enable(name)).disabled_at, undefined);
    await platform.users.delete(name);
  });

  test("a platform imports, lists and deletes users", async () => {
    const platform = new Platform();
    const names = Array.from({ length: 3 }, () => `client-test-${randomUUID()}`);
    const outcomes = await platform.users.importAll([...names.map((external_id) => ({ external_id, name: "I" })), { external_id: "not valid" }]);
    assert.deepEqual(outcomes.map((each) => each.outcome), ["created", "created", "created", "failed"]);
    assert.equal(outcomes[3]?.field, "external_id");
    const listed = (await collect(platform.users.list({ pageSize: 2 }))).map((user) => user.external_id);
    assert.deepEqual(listed.filter((name) => names.includes(name)), [...names].sort());
    for (const name of names) {
      await platform.users.delete(name);
    }
    await assert.rejects(platform.users.get(names[0]!), refused(404, "not_found"));
    await assert.rejects(platform.onBehalfOf(names[0]!).me(), refused(404, "not_found"));
  });
});
