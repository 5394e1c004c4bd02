/**
 * A client of Behalf in one file: copy it beside your code. It needs Node 18 or newer, or a browser, and
 * nothing else.
 *
 *     import { Client } from "./behalf.ts";
 *
 *     const client = new Client(); // BEHALF_SERVER and BEHALF_API_KEY
 *     const job = await client.jobs.submit("echo", { text: "hello" });
 *     console.log((await client.jobs.wait(job.id)).result);
 *
 * Answers have the names of the HTTP API. A client may have any number of calls under way.
 */

// Bounds of what is read into memory, in bytes. A result has at most 4 MiB, a page of jobs about as much.
const MAX_BODY = 32 * 1024 * 1024;
const MAX_LINE = 16 * 1024 * 1024;
const MAX_EVENT = 4 * 1024 * 1024;
const MAX_PROBLEM = 256 * 1024;

// Bounds of one body of the users' import, in lines and bytes. The server takes twice as much.
const IMPORT_LINES = 5_000;
const IMPORT_BYTES = 4 * 1024 * 1024;

// Times in seconds.
const SILENCE = 45; // a stream of events gives a sign of life every 15 s
const LONGEST_UPLOAD = 900; // with all repeats; the server reads one body for 600 s at most
const TOKEN_RESERVE = 60; // a token is renewed so long before its end
const LONGEST_TIMER = 2_000_000; // a timer beyond 2^31 ms would fire at once

const MOST_CUTS = 10; // a stream may be cut so often in a row before an event comes
const FINAL: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);

// What a server, or a proxy in front of one that restarts, answers without having done anything lasting.
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

// Failures of a connection that was never made: the server cannot have seen the request.
const UNSENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
const CERTIFICATE = /CERT|UNABLE_TO_/;

// Answers. Integers are exact up to 2^53 - 1; see ClientOptions.json.

export type Environment = "live" | "test";
export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled";

/** A job. `result` and `units` are there once it has succeeded, `code` and `detail` if it failed. */
export interface Job<Result = unknown> {
  id: string;
  environment: Environment;
  state: JobState;
  payload: { operation: string; [property: string]: unknown };
  operation_version: number;
  priority: "high" | "normal" | "low";
  attempt: number;
  hops: { station: string; at: string }[];
  created_at: string;
  units?: number;
  result?: Result;
  code?: string;
  detail?: string;
  finished_at?: string;
  cancel_asked_at?: string;
  not_before?: string;
  retry_of?: string;
  tags?: string[];
  metadata?: Record<string, string>;
  waiting?: { reason: string; ahead: number; until?: string };
  watch_token?: WatchToken;
}

/** With the token, a page in a browser reads one job for 15 minutes. */
export interface WatchToken {
  token: string;
  expires_at: string;
}

/**
 * An event of a job: `name` is output, progress, log, usage, restart, truncated or end. `id` is the number
 * behind which a new stream goes on; `data` is decoded JSON.
 */
export interface JobEvent {
  id: string;
  name: string;
  data: any;
}

/** A batch. `complete`: read to its end. `completed_at`: since when no job of it is open. */
export interface Batch {
  id: string;
  environment: Environment;
  name: string;
  format: "jsonl" | "csv";
  lines: number;
  queued: number;
  complete: boolean;
  created_at: string;
  jobs?: Partial<Record<JobState, number>>;
  invalid_lines?: { line: number; fault: string }[];
  completed_at?: string;
}

/** The outcome of one line of a batch so far. */
export interface BatchLine<Result = unknown> {
  line: number;
  id: string | null;
  state: JobState | "invalid";
  units: number | null;
  code: string | null;
  detail: string | null;
  result: Result | null;
}

/** An operation; `input` and `output` are JSON Schemas, texts are by language tag. */
export interface Operation {
  name: string;
  version: number;
  title: Record<string, string>;
  description: Record<string, string>;
  units: Record<string, unknown>;
  input: unknown;
  output?: unknown;
  examples: { title: Record<string, string>; input: unknown }[];
  max_input_bytes: number;
  max_text_bytes: number;
  retention_hours?: number;
}

/** The user and the rights of the credential; `environment` if it opens only one. */
export interface Me {
  user_id: string;
  credential: string;
  scopes: string[];
  environment?: Environment;
}

/** Units of one month in one environment; `held` may still be charged and is not left. */
export interface Usage {
  environment: Environment;
  period: string;
  used: number;
  held: number;
  limit: number;
  left: number;
}

/** An API key, without its text. */
export interface Key {
  id: string;
  name: string;
  kind: string;
  environment: Environment;
  state: "active" | "disabled" | "rotating" | "expired" | "revoked";
  scopes: string[];
  networks: string[];
  created_by: string;
  created_at: string;
  daily_cap?: number;
  expires_at?: string;
  revoked_at?: string;
  last_used?: { at: string; address: string; user_agent: string };
  rotation?: { replaced_by: string; since: string; until?: string; silent_seconds?: number };
  leak?: { reported_at: string; source?: string };
}

/** A new key; `secret` is its text, which the server shows only once. */
export interface IssuedKey {
  secret: string;
  key: Key;
}

/** What a platform says of a user. What is left out stays; an empty value clears all but the quota. */
export interface UserProperties {
  name?: string;
  email?: string;
  /** Units a month. */
  quota?: { live?: number; test?: number };
  permissions?: string[];
  metadata?: Record<string, string>;
}

/** A user of a platform. */
export interface User {
  external_id: string;
  user_id: string;
  name: string;
  email: string;
  quota: { live?: number | null; test?: number | null };
  permissions: string[];
  metadata: Record<string, string>;
  created_at: string;
  disabled_at?: string;
  disabled_by?: "operator" | "platform";
  acting_ended_at?: string;
}

/** The outcome of one line of an import. */
export interface ImportedUser {
  line: number;
  outcome: "created" | "changed" | "unchanged" | "failed";
  external_id?: string;
  user_id?: string;
  code?: string;
  detail?: string;
  field?: string;
}

/** A genuine delivery. The same `id` may arrive again: keep those that you have handled. */
export interface WebhookEvent {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

// Errors

/** Base of all errors of this module but TypeError for wrong arguments. */
export class BehalfError extends Error {
  override name = "BehalfError";
}

/** A broken rule of an input's schema, with a JSON pointer. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** The server refused: a problem (RFC 9457). */
export class ApiError extends BehalfError {
  override name = "ApiError";
  readonly status: number;
  /** Stable, and decides (docs/api.md#errors); empty if a proxy answered. */
  readonly code: string;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  /** The property of the body that is at fault, or empty. */
  readonly field: string;
  /** Finds the request in the server's log. */
  readonly traceId: string;
  readonly errors: FieldError[];
  /** In seconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Record<string, unknown>, retryAfter?: number) {
    const text = (name: string) => (typeof problem[name] === "string" ? (problem[name] as string) : "");
    const code = text("code") || text("error");
    const title = text("title") || `The server answered ${status}`;
    const detail = text("detail") || text("error_description");
    super(`${status}${code && " " + code}: ${detail || title}`);
    this.status = status;
    this.code = code;
    this.type = text("type");
    this.title = title;
    this.detail = detail;
    this.field = text("field");
    this.traceId = text("trace_id");
    this.errors = Array.isArray(problem["errors"]) ? problem["errors"] : [];
    this.retryAfter = retryAfter;
  }
}

/** No usable answer: no connection, a cut, a time-out, or what came is not Behalf's. */
export class NoAnswerError extends BehalfError {
  override name = "NoAnswerError";
  /**
   * False if the server cannot have seen the request. If true, the request may have been carried out: a
   * repeat under the same idempotency key is safe.
   */
  readonly sent: boolean;
  /** Whether a later attempt may succeed. */
  readonly passing: boolean;

  constructor(reason: string, options: { sent: boolean; passing?: boolean; cause?: unknown }) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause });
    this.sent = options.sent;
    this.passing = options.passing ?? true;
  }
}

/** The job or batch had not ended in time; it goes on. */
export class WaitTimeoutError<Last extends { id: string } = Job | Batch> extends BehalfError {
  override name = "WaitTimeoutError";
  /** How it was then. */
  readonly last: Last;

  constructor(last: Last) {
    super(`${last.id} had not ended in time`);
    this.last = last;
  }
}

/** A delivery that must not be trusted: answer it with a status of 400 to 499. */
export class WebhookError extends BehalfError {
  override name = "WebhookError";
}

// Clients

export interface HttpOptions {
  /** An address such as https://behalf.example.com; default: BEHALF_SERVER. */
  server?: string | undefined;
  /** Longest silence of the server in one attempt, in seconds; default 15. */
  timeout?: number | undefined;
  /** Longest time of all attempts of one call together, in seconds; default 30. */
  deadline?: number | undefined;
  /** Lets the credential go over plain HTTP to another machine. */
  allowHttp?: boolean | undefined;
  /** Reads and writes JSON; default: JSON. Another one can keep the digits of integers beyond 2^53. */
  json?: { parse(text: string): unknown; stringify(value: unknown): string } | undefined;
}

export interface ClientOptions extends HttpOptions {
  /** Default: BEHALF_API_KEY, unless there is an access token. */
  apiKey?: string | undefined;
  /** An OAuth access token, or a watch token, instead of a key. */
  accessToken?: string | undefined;
}

export interface PlatformOptions extends HttpOptions {
  /** Default: BEHALF_PLATFORM_ID. */
  clientId?: string | undefined;
  /** Default: BEHALF_PLATFORM_SECRET. */
  clientSecret?: string | undefined;
}

/**
 * A client of one user. Nothing is sent before the first call. Over plain HTTP the credential goes only to
 * this machine, unless `allowHttp` is set. Each call throws ApiError or NoAnswerError.
 */
export class Client {
  readonly jobs: Jobs;
  readonly batches: Batches;
  readonly operations: Operations;
  readonly keys: Keys;
  readonly #http: Http;

  /** An Http comes from Platform only. */
  constructor(options: ClientOptions | Http = {}) {
    const http = options instanceof Http ? options : new Http(options, new Fixed(authorization(options)));
    this.#http = http;
    this.jobs = new Jobs(http);
    this.batches = new Batches(http);
    this.operations = new Operations(http);
    this.keys = new Keys(http);
  }

  /** Returns the user, the environment and the scopes of the credential. */
  async me(): Promise<Me> {
    return this.#http.json<Me>(get("/api/v1/me"));
  }

  /** Returns the units of this month, for each environment that the credential opens. */
  async usage(): Promise<Usage[]> {
    return list<Usage>(await this.#http.json(get("/api/v1/usage")), "usage");
  }

  /**
   * Calls any other route, such as `request("POST", "/api/v1/pauses", { environment: "test" })`.
   *
   * `path` is encoded and has the query. `repeatable` says whether the call may be sent again when its answer
   * was lost (default: all methods but POST and PATCH). Returns decoded JSON, or undefined without content.
   */
  async request(method: string, path: string, body?: unknown, repeatable?: boolean): Promise<unknown> {
    return this.#http.json(anyRequest(method, path, body, repeatable));
  }
}

/** A platform as itself: it has users, and acts for them. Its token is fetched and renewed as needed. */
export class Platform {
  readonly users: Users;
  readonly #token: PlatformToken;
  readonly #options: HttpOptions;
  readonly #http: Http;

  constructor(options: PlatformOptions = {}) {
    const id = secret("clientId", options.clientId ?? variable("BEHALF_PLATFORM_ID"));
    const password = secret("clientSecret", options.clientSecret ?? variable("BEHALF_PLATFORM_SECRET"));
    const basic = "Basic " + btoa(`${encodeURIComponent(id)}:${encodeURIComponent(password)}`);
    const { server, timeout, deadline, allowHttp, json } = options;
    this.#options = { server, timeout, deadline, allowHttp, json };
    this.#token = new PlatformToken(new Http(this.#options, new Fixed(basic)));
    this.#http = new Http(this.#options, this.#token);
    this.users = new Users(this.#http);
  }

  /** Calls any other route as the platform itself; the parameters are those of `Client.request()`. */
  async request(method: string, path: string, body?: unknown, repeatable?: boolean): Promise<unknown> {
    return this.#http.json(anyRequest(method, path, body, repeatable));
  }

  /** Returns a client whose calls act for one of the platform's users; it shares the platform's token. */
  onBehalfOf(externalId: string): Client {
    if (!/^[A-Za-z0-9._~:@|-]{1,255}$/.test(externalId)) {
      throw new TypeError("An external id has 1 to 255 letters, digits and . _ ~ : @ | - only.");
    }
    return new Client(new Http(this.#options, new ActingFor(this.#token, externalId)));
  }
}

// Groups of calls

export interface SubmitOptions {
  /**
   * Without it, a new one is made and kept over the repeats of the call; pass one of your own to make the
   * call repeatable by another process.
   */
  idempotencyKey?: string | undefined;
  /** Default: that of the key, else live. */
  environment?: Environment | undefined;
  priority?: "high" | "normal" | "low" | undefined;
  notBefore?: Date | string | undefined;
  tags?: readonly string[] | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
  /** The answer comes when the job has ended, or after so many seconds, at most 60. */
  wait?: number | undefined;
}

/** Jobs of the user: `client.jobs`. */
export class Jobs {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Queues a job and returns it, or the first job that was queued under the same idempotency key.
   *
   * `payload` has the properties of the operation's input. Throws ApiError 422 `idempotency_key_reused` if
   * the key belongs to another payload.
   */
  async submit<Result = unknown>(
    operation: string,
    payload: Readonly<Record<string, unknown>> = {},
    options: SubmitOptions = {},
  ): Promise<Job<Result>> {
    if (payload["operation"] !== undefined && payload["operation"] !== operation) {
      throw new TypeError("The payload names another operation.");
    }
    const { idempotencyKey = uuid(), environment, priority, notBefore, tags, metadata, wait } = options;
    return this.#http.json<Job<Result>>({
      method: "POST",
      path: "/api/v1/jobs",
      json: { payload: { ...payload, operation }, environment, priority, not_before: notBefore, tags, metadata },
      repeatable: true,
      ...waiting(wait, { "Idempotency-Key": idempotencyKey }),
    });
  }

  /** Returns a job; with `wait` (seconds, at most 60) when it has ended, or after that time. */
  async get<Result = unknown>(jobId: string, options: { wait?: number } = {}): Promise<Job<Result>> {
    return this.#http.json<Job<Result>>({ ...get(`/api/v1/jobs/${segment(jobId)}`), ...waiting(options.wait) });
  }

  /** Iterates over the jobs, newest first, page by page; `query` as in `state:failed op:echo since:1h`. */
  list(options: { query?: string; pageSize?: number } = {}): AsyncGenerator<Job, void, undefined> {
    return this.#http.pages<Job>("/api/v1/jobs", "jobs", { q: options.query, limit: options.pageSize ?? 100 });
  }

  /**
   * Iterates over the events of a job behind the number `after`, up to `end`, as they come. A stream that is
   * cut goes on behind its last event. Nothing comes if `after` is the number of the end.
   */
  stream(jobId: string, options: { after?: string } = {}): AsyncGenerator<JobEvent, void, undefined> {
    return this.#follow(jobId, options.after ?? "0", undefined);
  }

  /**
   * Returns the job when it has ended, in whatever state: look at `state`. Follows the job's events, and polls
   * if that is impossible, as behind some proxies.
   *
   * Throws WaitTimeoutError after `timeout` seconds (default 300; 0 looks once; Infinity waits for any time).
   */
  async wait<Result = unknown>(jobId: string, options: { timeout?: number } = {}): Promise<Job<Result>> {
    const timeout = options.timeout ?? 300;
    const until = now() + timeout;
    if (timeout > 0) {
      try {
        for await (const _ of this.#follow(jobId, "0", until));
      } catch (error) {
        // Too many streams, or a proxy that passes none. Any other refusal would be repeated below.
        const passes = error instanceof ApiError && ![401, 403, 404].includes(error.status);
        if (!passes && !(error instanceof NoAnswerError) && !(error instanceof OutOfTime)) {
          throw error;
        }
      }
    }
    return this.#poll<Result>(jobId, until);
  }

  /** Cancels a queued or running job and returns it; ApiError 409 `job_ended` if it has ended otherwise. */
  async cancel(jobId: string): Promise<Job> {
    return this.#http.json<Job>(again(`/api/v1/jobs/${segment(jobId)}/cancellation`));
  }

  /** Queues a failed or cancelled job again, as a new job. A second call returns the same new job. */
  async retry(jobId: string): Promise<Job> {
    return this.#http.json<Job>(again(`/api/v1/jobs/${segment(jobId)}/retry`));
  }

  /** Returns the sealed receipt of a charged job. */
  async receipt(jobId: string): Promise<Record<string, unknown>> {
    return this.#http.json<Record<string, unknown>>(get(`/api/v1/jobs/${segment(jobId)}/receipt`));
  }

  /** Returns a token with which a page in a browser reads this job. */
  async watchToken(jobId: string): Promise<WatchToken> {
    return this.#http.json<WatchToken>(again(`/api/v1/jobs/${segment(jobId)}/watch-tokens`));
  }

  async *#follow(jobId: string, after: string, until: number | undefined): AsyncGenerator<JobEvent, void, undefined> {
    const path = `/api/v1/jobs/${segment(jobId)}/events`;
    const end = until ?? Infinity;
    for (let last = after, cuts = 0; ; ) {
      const headers = { Accept: "text/event-stream, application/problem+json", "Last-Event-ID": last };
      // Somebody who only waits polls instead of waiting for a place for one more stream.
      const request = { ...get(path), headers, repeatable: until === undefined };
      const answer = await this.#http.send(request, async (opened) => opened, until);
      let cut = new NoAnswerError("The stream of events ends early, again and again.", { sent: true });
      try {
        if (answer.status === 204) {
          return; // `last` is the number of the end
        }
        for await (const event of events(answer.chunks(SILENCE, end))) {
          last = event.id || last;
          cuts = 0;
          yield event;
          if (event.name === "end") {
            return;
          }
        }
      } catch (error) {
        if (!(error instanceof NoAnswerError) || !error.passing) {
          throw error;
        }
        cut = error;
      } finally {
        answer.close();
      }
      // The server ends a stream after 30 minutes, when it restarts, and when the credential ends.
      cuts++;
      if (cuts > MOST_CUTS) {
        throw cut;
      }
      const pause = backoff(cuts);
      if (now() + pause >= end) {
        throw new OutOfTime();
      }
      await sleep(pause);
    }
  }

  async #poll<Result>(jobId: string, until: number): Promise<Job<Result>> {
    const path = `/api/v1/jobs/${segment(jobId)}`;
    for (let pause = 0.2; ; ) {
      const began = now();
      const wait = Math.floor(Math.max(0, Math.min(20, until - began)));
      // Somebody who waits for long also waits while the server restarts.
      const job = await this.#http.json<Job<Result>>({ ...get(path), ...waiting(wait) }, Math.max(until, began + 1));
      if (FINAL.has(job.state)) {
        return job;
      }
      if (now() >= until) {
        throw new WaitTimeoutError(job);
      }
      if (now() - began < 1) {
        // The server has not waited.
        await sleep(Math.max(0, Math.min(pause, until - now())));
        pause = Math.min(5, pause * 1.5);
      }
    }
  }
}

type Line = object | Uint8Array;

/** Payloads such as `{ operation: "echo", text: "hi" }`, or a file of such lines, as its bytes. */
export type Lines = Iterable<Line> | AsyncIterable<Line> | Blob | ReadableStream<Uint8Array>;

export interface BatchOptions {
  /** At most 120 characters. */
  name?: string | undefined;
  environment?: Environment | undefined;
  tags?: readonly string[] | undefined;
  idempotencyKey?: string | undefined;
}

/** Files of jobs: `client.batches`. */
export class Batches {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Sends a file of jobs as JSON lines, piece by piece, and returns the batch once all of it is sent.
   *
   * A function that returns the lines is called for each attempt. An upload that breaks is repeated if its
   * lines can be read again: an array, a Blob or a function; not a generator or a stream. After a break of
   * one of these, call again with the whole file and the same `idempotencyKey`: no line is queued twice.
   *
   * An upload takes at most 15 minutes, with its repeats.
   */
  async create(lines: Lines | (() => Lines | Promise<Lines>), options: BatchOptions = {}): Promise<Batch> {
    const { name, environment, tags = [], idempotencyKey = uuid() } = options;
    const upload = new Source(lines, this.#http);
    const parameters = [["name", name], ["environment", environment], ...tags.map((tag) => ["tag", tag] as const)] as const;
    if (!upload.canRepeat) {
      // fetch takes lines before it has a connection: those would be lost while the server is down.
      await this.#http.json(get("/api/v1/me"));
    }
    return this.#http.json<Batch>({
      method: "POST",
      path: "/api/v1/batches" + query(parameters),
      headers: { "Content-Type": "application/x-ndjson", "Idempotency-Key": idempotencyKey },
      upload,
      repeatable: upload.canRepeat,
      answerWithin: SILENCE, // it stores lines meanwhile
    });
  }

  /** Returns a batch with its progress: `jobs` counts its jobs by state. */
  async get(batchId: string): Promise<Batch> {
    return this.#http.json<Batch>(get(`/api/v1/batches/${segment(batchId)}`));
  }

  /** Iterates over the batches, newest first, page by page. */
  list(options: { pageSize?: number } = {}): AsyncGenerator<Batch, void, undefined> {
    return this.#http.pages<Batch>("/api/v1/batches", "batches", { limit: options.pageSize ?? 100 });
  }

  /**
   * Polls until no job of the batch is open, and returns it. Throws WaitTimeoutError after `timeout` seconds
   * (default 3600). A batch whose upload was broken off does not end.
   */
  async wait(batchId: string, options: { timeout?: number } = {}): Promise<Batch> {
    const until = now() + (options.timeout ?? 3600);
    const request = get(`/api/v1/batches/${segment(batchId)}`);
    for (let pause = 0.2; ; pause = Math.min(5, pause * 1.5)) {
      const batch = await this.#http.json<Batch>(request, Math.max(until, now() + 1));
      if (batch.completed_at !== undefined) {
        return batch;
      }
      if (now() >= until) {
        throw new WaitTimeoutError(batch);
      }
      await sleep(Math.max(0, Math.min(pause, until - now())));
    }
  }

  /**
   * Iterates over the outcome of each line so far, in the order of the file, as it is received. A download
   * that is cut goes on behind the last line. Only batches of JSON lines can be read.
   */
  async *results<Result = unknown>(batchId: string): AsyncGenerator<BatchLine<Result>, void, undefined> {
    const path = `/api/v1/batches/${segment(batchId)}/results`;
    const headers = { Accept: "application/x-ndjson, text/csv, application/problem+json" };
    for (let last = 0, cuts = 0; ; ) {
      const answer = await this.#http.send({ ...get(path), headers }, async (opened) => opened);
      try {
        if (!answer.header("Content-Type").includes("ndjson")) {
          throw new NoAnswerError("The results are no JSON lines: the file was CSV.", { sent: true, passing: false });
        }
        for await (const text of splitLines(answer.chunks(SILENCE), MAX_LINE)) {
          if (text === "") {
            continue;
          }
          const line = this.#http.decode<BatchLine<Result>>(text);
          if (line.line > last) {
            last = line.line;
            cuts = 0;
            yield line;
          }
        }
        return;
      } catch (error) {
        cuts++;
        if (!(error instanceof NoAnswerError) || !error.passing || cuts > MOST_CUTS) {
          throw error;
        }
      } finally {
        answer.close();
      }
      await sleep(backoff(cuts));
    }
  }

  /** Cancels the open jobs of a batch, in the background, and returns the batch as it is now. */
  async cancel(batchId: string): Promise<Batch> {
    return this.#http.json<Batch>(again(`/api/v1/batches/${segment(batchId)}/cancellation`));
  }
}

/** What the user may run: `client.operations`. */
export class Operations {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Returns all operations that the user may run. */
  async list(): Promise<Operation[]> {
    return list<Operation>(await this.#http.json(get("/api/v1/operations")), "operations");
  }

  /** Returns one operation. */
  async get(name: string): Promise<Operation> {
    return this.#http.json<Operation>(get(`/api/v1/operations/${segment(name)}`));
  }
}

export interface KeyOptions {
  environment?: Environment | undefined;
  expiresAt?: Date | string | undefined;
  /** CIDR; default: any address. */
  networks?: readonly string[] | undefined;
  /** Units a day. */
  dailyCap?: number | undefined;
}

/** API keys of the user: `client.keys`. */
export class Keys {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Issues a key. Its text, `secret`, is returned only once. After a lost answer the call is not repeated,
   * because it would issue a second key: look at list().
   */
  async issue(name: string, scopes: readonly string[], options: KeyOptions = {}): Promise<IssuedKey> {
    const { environment, expiresAt, networks, dailyCap } = options;
    const json = { name, scopes, environment, expires_at: expiresAt, networks, daily_cap: dailyCap };
    return this.#http.json<IssuedKey>({ method: "POST", path: "/api/v1/keys", json });
  }

  /** Returns the keys that the credential can see, without their texts. */
  async list(): Promise<Key[]> {
    return list<Key>(await this.#http.json(get("/api/v1/keys")), "keys");
  }

  /** Revokes a key for good and returns it. */
  async revoke(keyId: string): Promise<Key> {
    return this.#http.json<Key>({ method: "POST", path: `/api/v1/keys/${segment(keyId)}/revocation` });
  }
}

/** The users of a platform: `platform.users`. */
export class Users {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /** Creates or changes a user. */
  async put(externalId: string, properties: UserProperties = {}): Promise<User> {
    return this.#http.json<User>({ method: "PUT", path: userPath(externalId), json: properties, repeatable: true });
  }

  /** Returns a user. */
  async get(externalId: string): Promise<User> {
    return this.#http.json<User>(get(userPath(externalId)));
  }

  /** Iterates over the users by external id, page by page. */
  list(options: { pageSize?: number } = {}): AsyncGenerator<User, void, undefined> {
    return this.#http.pages<User>("/api/v1/users", "users", { limit: options.pageSize ?? 100 });
  }

  /** Deletes a user with all data; ApiError 404 if there is none. */
  async delete(externalId: string): Promise<void> {
    await this.#http.json({ method: "DELETE", path: userPath(externalId), repeatable: true, goneIsDone: true });
  }

  /** Disables a user: keys and tokens are refused, jobs wait. */
  async disable(externalId: string): Promise<User> {
    return this.#http.json<User>(again(userPath(externalId) + "/disablement"));
  }

  /** Enables a user that the platform has disabled. */
  async enable(externalId: string): Promise<User> {
    return this.#http.json<User>({ method: "DELETE", path: userPath(externalId) + "/disablement", repeatable: true });
  }

  /**
   * Creates or changes any number of users, and returns one outcome for each, in their order. A user that is
   * refused stops no other; to send all of them again is safe. They are sent in bodies of 5,000 lines.
   */
  async importAll(
    users: Iterable<UserProperties & { external_id: string }> | AsyncIterable<UserProperties & { external_id: string }>,
  ): Promise<ImportedUser[]> {
    const outcomes: ImportedUser[] = [];
    const headers = { "Content-Type": "application/x-ndjson", Accept: "application/x-ndjson, application/problem+json" };
    for await (const { body, count } of bodies(users, this.#http)) {
      const request = { method: "POST", path: "/api/v1/users", body, headers, repeatable: true };
      const before = outcomes.length;
      for (const outcome of await this.#http.send(request, (answer) => this.#outcomes(answer, count))) {
        outcomes.push({ ...outcome, line: outcome.line + before });
      }
    }
    return outcomes;
  }

  async #outcomes(answer: Answer, count: number): Promise<ImportedUser[]> {
    const lines = (await answer.text(MAX_BODY)).split("\n").filter((line) => line.trim() !== "");
    if (lines.length !== count) {
      throw new NoAnswerError("The answer was cut off: it has not a line for each user.", { sent: true });
    }
    return lines.map((line) => this.#http.decode<ImportedUser>(line));
  }
}

function userPath(externalId: string): string {
  return `/api/v1/users/${segment(externalId)}`;
}

// Webhooks

/**
 * Returns the event of a delivery if it is genuine and recent; else throws WebhookError.
 *
 * `secret` begins with whsec_. `body` is the exact bytes that were received, before any decoding. `tolerance`
 * is in seconds (default 300); `now` is the time in seconds, for tests.
 */
export async function verifyWebhook(
  secret: string,
  headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>,
  body: Uint8Array,
  options: { tolerance?: number; now?: number } = {},
): Promise<WebhookEvent> {
  const keyBytes = base64(secret.startsWith("whsec_") ? secret.slice("whsec_".length) : "");
  if (keyBytes === undefined || keyBytes.length === 0) {
    // With an empty key, anybody could sign.
    throw new TypeError("The secret of a webhook is whsec_ and base64.");
  }
  if (!(body instanceof Uint8Array)) {
    throw new TypeError("Pass the exact bytes of the body: decoded text may differ from them.");
  }
  const id = webhookHeader(headers, "webhook-id");
  const timestamp = webhookHeader(headers, "webhook-timestamp");
  const signatures = webhookHeader(headers, "webhook-signature");
  if (!/^[0-9]{1,12}$/.test(timestamp)) {
    throw new WebhookError("The header webhook-timestamp is no number of seconds.");
  }
  if (!(Math.abs((options.now ?? Date.now() / 1000) - Number(timestamp)) <= (options.tolerance ?? 300))) {
    throw new WebhookError("The timestamp is too far from now: an old delivery, or a wrong clock.");
  }
  if (!(await isSigned(keyBytes, concat([new TextEncoder().encode(`${id}.${timestamp}.`), body]), signatures))) {
    throw new WebhookError("No signature matches: another secret, or the body was altered.");
  }
  return webhookEvent(id, body);
}

async function isSigned(keyBytes: Bytes, content: Bytes, signatures: string): Promise<boolean> {
  // Node 18 has WebCrypto, but not under its global name.
  const { subtle } = globalThis.crypto ?? (await import("node:crypto")).webcrypto;
  const key = await subtle.importKey("raw", keyBytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  let matches = false;
  // During a rotation there are two signatures. WebCrypto compares in constant time.
  for (const part of signatures.split(" ")) {
    const signature = part.startsWith("v1,") ? base64(part.slice(3)) : undefined;
    if (signature !== undefined && (await subtle.verify("HMAC", key, signature, content))) {
      matches = true;
    }
  }
  return matches;
}

function webhookHeader(headers: Headers | Readonly<Record<string, unknown>>, name: string): string {
  let value: unknown;
  if (headers instanceof Headers) {
    value = headers.get(name);
  } else {
    const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
    value = Array.isArray(found) && found.length === 1 ? found[0] : found;
  }
  if (typeof value !== "string" || value === "") {
    throw new WebhookError(`The header ${name} is missing.`);
  }
  return value;
}

function webhookEvent(id: string, body: Uint8Array): WebhookEvent {
  try {
    const event: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (isObject(event)) {
      const { type, timestamp, data } = event;
      if (typeof type === "string" && typeof timestamp === "string" && isObject(data)) {
        return { id, type, timestamp, data };
      }
    }
  } catch {
    // Reported below.
  }
  throw new WebhookError("The body is signed, but is no event of Behalf.");
}

function base64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

// Requests

type Bytes = Uint8Array<ArrayBuffer>;

interface HttpRequest {
  method: string;
  path: string;
  json?: unknown;
  body?: Bytes;
  headers?: Record<string, string>;
  /** Whether a second attempt after a lost answer does no harm. */
  repeatable?: boolean;
  /** A 404 after a lost answer means that the attempt before has done it. */
  goneIsDone?: boolean;
  upload?: Source;
  /** Seconds that the server may take beside the time-out and the deadline. */
  answerWithin?: number;
}

function get(path: string): HttpRequest {
  return { method: "GET", path, repeatable: true };
}

function anyRequest(method: string, path: string, json: unknown, repeatable: boolean | undefined): HttpRequest {
  if (!path.startsWith("/")) {
    throw new TypeError("A path begins with a slash.");
  }
  return { method, path, json, repeatable: repeatable ?? !/^(POST|PATCH)$/.test(method) };
}

/** A POST without a body whose repeat does nothing more. */
function again(path: string): HttpRequest {
  return { method: "POST", path, repeatable: true };
}

function waiting(seconds = 0, headers: Record<string, string> = {}): Pick<HttpRequest, "headers" | "answerWithin"> {
  const wait = Math.min(60, Math.floor(seconds));
  return wait > 0 ? { headers: { ...headers, Prefer: `wait=${wait}` }, answerWithin: wait } : { headers };
}

/** One segment of a path. The two that mean a folder would lead to another address. */
function segment(text: string): string {
  if (typeof text !== "string" || text === "" || text === "." || text === "..") {
    throw new TypeError(`"${text}" is no id.`);
  }
  return encodeURIComponent(text);
}

function query(parameters: readonly (readonly [string, string | number | undefined])[]): string {
  const given = parameters.filter(([, value]) => value !== undefined && value !== "");
  const encoded = given.map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`).join("&");
  return encoded && "?" + encoded;
}

function uuid(): string {
  // Node 18 has no global crypto, and a page over plain HTTP no randomUUID. A key must be new, not secret.
  const hex = () => Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, "0");
  return globalThis.crypto?.randomUUID?.() ?? `${Date.now().toString(16)}-${hex()}${hex()}${hex()}`;
}

async function* bodies(values: Iterable<object> | AsyncIterable<object>, http: Http): AsyncGenerator<{ body: Bytes; count: number }, void> {
  let lines: Bytes[] = [];
  let size = 0;
  for await (const value of values) {
    const line = http.encode(value, "\n");
    if (lines.length === IMPORT_LINES || (lines.length > 0 && size + line.length > IMPORT_BYTES)) {
      yield { body: concat(lines), count: lines.length };
      lines = [];
      size = 0;
    }
    lines.push(line);
    size += line.length;
  }
  if (lines.length > 0) {
    yield { body: concat(lines), count: lines.length };
  }
}

/** The lines of a batch, as the pieces in which they are sent. */
class Source {
  static readonly #PIECE = 64 * 1024;
  /** In seconds; jobs are queued while the rest is still being made. */
  static readonly #LATEST = 1;

  readonly canRepeat: boolean;
  /** An error of the caller's own lines, apart from those of the network. */
  failure: { error: unknown } | undefined;
  readonly #lines: Lines | (() => Lines | Promise<Lines>);
  readonly #http: Http;
  #current: AsyncGenerator<Uint8Array, void, undefined> | undefined;

  constructor(lines: Lines | (() => Lines | Promise<Lines>), http: Http) {
    if (typeof lines === "string" || lines instanceof Uint8Array) {
      throw new TypeError("Pass payloads, or a file as a Blob or stream.");
    }
    this.#lines = lines;
    this.#http = http;
    this.canRepeat = typeof lines === "function" || Array.isArray(lines) || lines instanceof Set || lines instanceof Blob;
  }

  /**
   * Returns the pieces anew.
   *
   * @param isBusy tells whether the next piece is being made: that time is not the server's
   */
  stream(isBusy: (making: boolean) => void): ReadableStream<Uint8Array> {
    this.failure = undefined;
    const pieces = (this.#current = this.#pieces());
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          isBusy(true);
          const next = await pieces.next().catch((error: unknown) => {
            if (this.#current === pieces) {
              this.failure = { error }; // else a later attempt has begun
            }
            throw error;
          });
          isBusy(false);
          if (next.done) {
            controller.close();
          } else {
            controller.enqueue(next.value);
          }
        },
        cancel: async () => {
          await pieces.return();
        },
      },
      { highWaterMark: 0 },
    );
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const lines = typeof this.#lines === "function" ? await this.#lines() : this.#lines;
    let parts: Uint8Array[] = [];
    let size = 0;
    let began = now();
    for await (const item of lines instanceof Blob ? iterate(lines.stream()) : "getReader" in lines ? iterate(lines) : lines) {
      const part = item instanceof Uint8Array ? item : this.#http.encode(item, "\n");
      parts.push(part);
      size += part.length;
      if (size >= Source.#PIECE || now() - began > Source.#LATEST) {
        yield concat(parts);
        parts = [];
        size = 0;
        began = now();
      }
    }
    if (size > 0) {
      yield concat(parts);
    }
  }
}

/** Not all browsers iterate over streams. */
async function* iterate(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      yield read.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

// Credentials

interface Credential {
  /** Returns the headers of the next attempt. */
  headers(until: number): Promise<Record<string, string>>;
  /** Forgets what was refused, and returns whether there can be another. */
  renew(used: Record<string, string>): boolean;
}

class Fixed implements Credential {
  readonly #authorization: string;

  constructor(authorization: string) {
    this.#authorization = authorization;
  }

  async headers(): Promise<Record<string, string>> {
    return { Authorization: this.#authorization };
  }

  renew(): boolean {
    return false;
  }
}

/** The token of a platform, shared by all clients that act for its users. */
class PlatformToken implements Credential {
  readonly #http: Http;
  #token = "";
  #end = 0;
  #fetching: Promise<void> | undefined;

  constructor(http: Http) {
    this.#http = http;
  }

  async headers(until: number): Promise<Record<string, string>> {
    if (this.#token === "" || now() >= this.#end) {
      this.#fetching ??= this.#fetch(until).finally(() => (this.#fetching = undefined));
      await this.#fetching;
    }
    return { Authorization: `Bearer ${this.#token}` };
  }

  renew(used: Record<string, string>): boolean {
    if (used["Authorization"] === `Bearer ${this.#token}`) {
      this.#token = "";
    }
    return true;
  }

  async #fetch(until: number): Promise<void> {
    const began = now();
    // A token that is lost on the way does no harm, and the next one is as good.
    const answer = await this.#http.json<Record<string, unknown>>(
      {
        ...again("/oauth2/token"),
        body: concat([new TextEncoder().encode("grant_type=client_credentials")]),
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
      },
      until,
    );
    const { access_token: token, expires_in: lifetime } = answer;
    if (typeof token !== "string" || !/^[!-~]+$/.test(token) || typeof lifetime !== "number") {
      throw new NoAnswerError("The server's answer has no token.", { sent: true, passing: false });
    }
    this.#token = token;
    this.#end = began + lifetime - Math.min(TOKEN_RESERVE, lifetime / 2);
  }
}

class ActingFor implements Credential {
  readonly #token: PlatformToken;
  readonly #externalId: string;

  constructor(token: PlatformToken, externalId: string) {
    this.#token = token;
    this.#externalId = externalId;
  }

  async headers(until: number): Promise<Record<string, string>> {
    return { ...(await this.#token.headers(until)), "Behalf-On-Behalf-Of": this.#externalId };
  }

  renew(used: Record<string, string>): boolean {
    return this.#token.renew(used);
  }
}

function authorization(options: ClientOptions): string {
  if (options.accessToken !== undefined) {
    if (options.apiKey !== undefined) {
      throw new TypeError("Pass apiKey or accessToken, not both.");
    }
    return "Bearer " + secret("accessToken", options.accessToken);
  }
  return "Api-Key " + secret("apiKey", options.apiKey ?? variable("BEHALF_API_KEY"));
}

function secret(name: string, value: string | undefined): string {
  if (!value) {
    throw new TypeError(`${name} is missing.`);
  }
  // A line break would be an error of fetch, which would show the secret.
  if (!/^[!-~]+$/.test(value)) {
    throw new TypeError(`${name} has characters that no credential has.`);
  }
  return value;
}

function variable(name: string): string | undefined {
  return (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[name];
}

function address(server: string | undefined, allowHttp: boolean): string {
  let url: URL | undefined;
  try {
    url = new URL((server ?? variable("BEHALF_SERVER") ?? "").trim());
  } catch {
    // Reported below.
  }
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) {
    // Not shown: an address may hold a password.
    throw new TypeError("The server is missing or no address such as https://behalf.example.com.");
  }
  if (url.protocol === "http:" && !allowHttp && !/^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/.test(url.hostname)) {
    throw new TypeError("Plain HTTP would show the credential on the network: use https, or set allowHttp.");
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}

// Sending

/** The caller's own time is over. */
class OutOfTime extends Error {}

/**
 * Sends requests, and repeats those that are safe to repeat. Redirects are not followed, so that the
 * credential stays here.
 */
class Http {
  readonly #address: string;
  readonly #timeout: number;
  readonly #deadline: number;
  readonly #json: { parse(text: string): unknown; stringify(value: unknown): string };
  readonly #credential: Credential;

  constructor(options: HttpOptions, credential: Credential) {
    this.#address = address(options.server, options.allowHttp ?? false);
    this.#timeout = options.timeout ?? 15;
    this.#deadline = options.deadline ?? 30;
    this.#json = options.json ?? JSON;
    this.#credential = credential;
  }

  encode(value: unknown, end = ""): Bytes {
    return concat([new TextEncoder().encode(this.#json.stringify(value) + end)]);
  }

  decode<T>(text: string): T {
    let value: unknown;
    try {
      value = this.#json.parse(text);
    } catch (cause) {
      // Node does not report a body that ends early if the server had announced to close the connection.
      throw new NoAnswerError("The answer was cut off, or is no JSON.", { sent: true, cause });
    }
    if (!isObject(value)) {
      throw new NoAnswerError("The answer is no JSON object: is this a Behalf server?", { sent: true, passing: false });
    }
    return value as T;
  }

  async *pages<T>(
    path: string,
    name: string,
    parameters: Record<string, string | number | undefined>,
  ): AsyncGenerator<T, void, undefined> {
    const seen = new Set<string>();
    for (let cursor: string | undefined; ; ) {
      const address = path + query([...Object.entries(parameters), ["cursor", cursor]]);
      const page = await this.json<Record<string, unknown>>(get(address));
      yield* list<T>(page, name);
      if (typeof page["next"] !== "string") {
        return;
      }
      cursor = page["next"];
      if (seen.has(cursor)) {
        throw new NoAnswerError("The pages of the list run in a circle.", { sent: true, passing: false });
      }
      seen.add(cursor);
    }
  }

  /** Returns decoded JSON, or undefined for an answer without content. */
  async json<T>(request: HttpRequest, until?: number): Promise<T> {
    return this.send(
      request,
      async (answer) => {
        const text = await answer.text(MAX_BODY);
        if (answer.status === 204) {
          return undefined as T;
        }
        if (!answer.header("Content-Type").includes("json")) {
          throw new NoAnswerError("The answer is no JSON: is this a Behalf server?", { sent: true, passing: false });
        }
        return this.decode<T>(text);
      },
      until,
    );
  }

  /**
   * Sends until there is an answer, at most until the deadline, or `until` if the caller has time. `read`
   * takes a success, and closes it unless it returns it.
   */
  async send<T>(request: HttpRequest, read: (answer: Answer) => Promise<T>, until?: number): Promise<T> {
    const began = now();
    let giveUp = until ?? began + this.#deadline + (request.answerWithin ?? 0);
    for (let failures = 1, renewed = false, mayBeDone = false; ; failures++) {
      let used: Record<string, string> = {};
      let error: ApiError | NoAnswerError;
      try {
        used = await this.#credential.headers(giveUp);
        const answer = await this.#attempt(request, used, giveUp);
        if (answer.status >= 200 && answer.status < 300) {
          return await read(answer);
        }
        error = await refusal(answer);
      } catch (caught) {
        if (!(caught instanceof NoAnswerError)) {
          throw caught;
        }
        error = caught;
      }
      const status = error instanceof ApiError ? error.status : 0;
      const canSendAgain = request.upload === undefined || request.upload.canRepeat;
      if (status === 401 && !renewed && canSendAgain && used["Authorization"] && this.#credential.renew(used)) {
        renewed = true;
        continue;
      }
      if (status === 404 && request.goneIsDone && mayBeDone) {
        return undefined as T;
      }
      mayBeDone ||= error instanceof NoAnswerError ? error.sent : status === 502 || status === 504;
      if (!mayRepeat(request, error)) {
        throw error;
      }
      if (request.upload && error instanceof NoAnswerError && error.sent) {
        // The time of sending is no time in vain.
        giveUp = Math.min(now() + this.#deadline, began + LONGEST_UPLOAD);
      }
      const pause = backoff(failures) + ((error instanceof ApiError && error.retryAfter) || 0);
      if (now() + pause >= giveUp) {
        throw error;
      }
      await sleep(pause);
    }
  }

  async #attempt(request: HttpRequest, credential: Record<string, string>, giveUp: number): Promise<Answer> {
    const headers = new Headers({ Accept: "application/json", ...request.headers, ...credential });
    const init: RequestInit & { duplex?: "half" } = { method: request.method, headers, redirect: "manual" };
    const abort = new AbortController();
    init.signal = abort.signal;
    const patience = Math.min(this.#timeout, Math.max(0.1, giveUp - now())) + (request.answerWithin ?? 0);
    const wait = () => setTimeout(() => abort.abort(), milliseconds(patience));
    let timer: ReturnType<typeof wait> | undefined;
    let isAnswered = false;
    if (request.upload) {
      init.body = request.upload.stream((making) => {
        clearTimeout(timer);
        timer = making || isAnswered ? undefined : wait();
      });
      init.duplex = "half";
    } else if (request.json !== undefined || request.body) {
      if (!headers.has("Content-Type")) {
        headers.set("Content-Type", "application/json");
      }
      init.body = request.body ?? this.encode(request.json);
    }
    timer = wait();
    try {
      const response = await fetch(this.#address + request.path, init);
      return new Answer(response, abort, now() + Math.max(this.#timeout, this.#deadline), this.#timeout);
    } catch (cause) {
      if (request.upload?.failure) {
        throw request.upload.failure.error;
      }
      throw this.#noAnswer(cause, abort.signal.aborted, patience);
    } finally {
      isAnswered = true;
      clearTimeout(timer);
    }
  }

  #noAnswer(cause: unknown, timedOut: boolean, patience: number): NoAnswerError {
    const reason = isObject(cause) && isObject(cause["cause"]) ? cause["cause"] : cause;
    const code = isObject(reason) && typeof reason["code"] === "string" ? reason["code"] : "";
    const text = timedOut ? `nothing within ${Math.round(patience)} s` : code || String(cause);
    const options = { sent: !UNSENT.test(code), passing: !CERTIFICATE.test(code), cause };
    return new NoAnswerError(`${this.#address} gave no answer: ${text}`, options);
  }
}

function mayRepeat(request: HttpRequest, error: ApiError | NoAnswerError): boolean {
  const repeatable = request.repeatable ?? false;
  if (error instanceof NoAnswerError) {
    return error.passing && (repeatable || (!error.sent && !request.upload));
  }
  return repeatable && (PASSING.has(error.status) || error.code === "upload_in_progress");
}

/** Full jitter: many clients of a server that was down do not come back at the same time. In seconds. */
function backoff(failures: number): number {
  return Math.random() * Math.min(5, 0.25 * 2 ** Math.min(failures, 10));
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds(seconds)));
}

function milliseconds(seconds: number): number {
  return Math.min(seconds, LONGEST_TIMER) * 1000;
}

/** Seconds of a clock that nobody sets. */
function now(): number {
  return performance.now() / 1000;
}

// Reading

/** An answer whose body is still to be read. */
class Answer {
  readonly status: number;
  readonly #response: Response;
  readonly #abort: AbortController;
  readonly #limit: number;
  readonly #silence: number;

  constructor(response: Response, abort: AbortController, limit: number, silence: number) {
    this.status = response.status;
    this.#response = response;
    this.#abort = abort;
    this.#limit = limit;
    this.#silence = silence;
  }

  header(name: string): string {
    return this.#response.headers.get(name) ?? "";
  }

  close(): void {
    this.#abort.abort();
  }

  /** Yields what comes, as soon as it comes; throws NoAnswerError if it ends early. */
  async *chunks(silence: number, until = Infinity): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = this.#response.body?.getReader();
    while (reader) {
      const wait = Math.min(silence, until - now());
      if (wait <= 0) {
        throw new OutOfTime();
      }
      const timer = setTimeout(() => this.#abort.abort(), milliseconds(wait));
      let read: { done: boolean; value?: Uint8Array | undefined };
      try {
        read = await reader.read();
      } catch (cause) {
        if (now() >= until) {
          throw new OutOfTime();
        }
        const text = this.#abort.signal.aborted ? "The server fell silent within its answer." : "The answer was cut off.";
        throw new NoAnswerError(text, { sent: true, cause });
      } finally {
        clearTimeout(timer);
      }
      if (read.done || read.value === undefined) {
        return;
      }
      yield read.value;
    }
  }

  /** Reads all of it, at most `most` bytes, and closes it. */
  async text(most: number): Promise<string> {
    const parts: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const part of this.chunks(this.#silence, this.#limit)) {
        parts.push(part);
        size += part.length;
        if (size > most) {
          throw new NoAnswerError("The answer is too large.", { sent: true, passing: false });
        }
      }
    } catch (error) {
      throw error instanceof OutOfTime ? new NoAnswerError("The answer took too long.", { sent: true }) : error;
    } finally {
      this.close();
    }
    return new TextDecoder().decode(concat(parts));
  }
}

function list<T>(value: unknown, name: string): T[] {
  const found = isObject(value) ? value[name] : undefined;
  if (!Array.isArray(found)) {
    throw new NoAnswerError(`The answer has no ${name}: is this a Behalf server?`, { sent: true, passing: false });
  }
  return found;
}

async function refusal(answer: Answer): Promise<ApiError> {
  const retryAfter = retryAfterSeconds(answer.header("Retry-After"), answer.header("Date"));
  if (answer.status < 200 || (answer.status >= 300 && answer.status < 400)) {
    // A browser does not even tell the status of a redirect.
    answer.close();
    const detail = "A credential follows no redirect: use the address that it names.";
    return new ApiError(answer.status, { title: "The server redirects", detail });
  }
  let problem: unknown;
  try {
    problem = JSON.parse(await answer.text(MAX_PROBLEM));
  } catch {
    // The status alone says enough.
  }
  return new ApiError(answer.status, isObject(problem) ? problem : {}, retryAfter);
}

/** Seconds, from seconds or a date; a date is compared with the server's own clock. */
function retryAfterSeconds(value: string, date: string): number | undefined {
  if (/^\s*[0-9]{1,9}\s*$/.test(value)) {
    return Number(value);
  }
  const at = Date.parse(value);
  const from = Date.parse(date);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - (Number.isNaN(from) ? Date.now() : from)) / 1000);
}

/** Splits at LF, CR and CRLF, also where a chunk ends between the two or within a character. Each line has an end. */
async function* splitLines(chunks: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest: string[] = [];
  let size = 0;
  let afterCr = false;
  for await (const chunk of chunks) {
    let text = decoder.decode(chunk, { stream: true });
    if (afterCr && text.startsWith("\n")) {
      text = text.slice(1);
      afterCr = false;
    }
    if (text === "") {
      continue;
    }
    afterCr = text.endsWith("\r");
    const [first = "", ...others] = text.split(/\r\n|\r|\n/);
    rest.push(first);
    size += first.length;
    for (const other of others) {
      yield rest.join("");
      rest = [other];
      size = other.length;
    }
    if (size > most) {
      throw new NoAnswerError("A line of the answer is too long.", { sent: true, passing: false });
    }
  }
  if (decoder.decode() !== "" || rest.some((part) => part !== "")) {
    throw new NoAnswerError("The answer was cut off.", { sent: true });
  }
}

/** Parses server-sent events (HTML, section 9.2) whose data is JSON. An event that is cut is dropped. */
async function* events(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<JobEvent, void, undefined> {
  let id = "";
  let name = "";
  let data: string[] = [];
  let size = 0;
  for await (const line of splitLines(chunks, MAX_EVENT)) {
    if (line === "") {
      if (data.length > 0) {
        yield { id, name: name || "message", data: eventData(data.join("\n")) };
      }
      name = "";
      data = [];
      size = 0;
      continue;
    }
    const colon = line.indexOf(":");
    const key = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (key === "data") {
      data.push(value);
      size += line.length;
      if (size > MAX_EVENT) {
        throw new NoAnswerError("An event is too large.", { sent: true, passing: false });
      }
    } else if (key === "event") {
      name = value;
    } else if (key === "id" && /^[!-~]*$/.test(value)) {
      id = value; // goes back to the server in a header
    }
  }
}

function eventData(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NoAnswerError("An event is no JSON.", { sent: true, passing: false, cause });
  }
}

function concat(parts: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
