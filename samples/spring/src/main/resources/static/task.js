// Shows the output of a job as it is produced. Without this script, the page shows the state when
// it is reloaded.

const tokenAddress = document.getElementById("task").dataset.token;
const element = (id) => document.getElementById(id);
const pause = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** There is nothing to watch any more. */
const ENDED = Symbol("ended");

/** The work cannot be shown, and another attempt would not change that. */
class Refused extends Error {}

show("notice", "Connecting…");
try {
  await watch();
  await showEnd();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  show("notice", `${error.message} Reload this page to see the result.`);
}

/** Follows the job's events to the end, and resumes after a broken connection. */
async function watch() {
  let access = null;
  let last = "";
  for (let failures = 0; ; failures++) {
    if (failures > 0) await pause(Math.random() * Math.min(15, 2 ** failures));
    try {
      access ??= await newToken();
      if (access === ENDED) return;
      // EventSource cannot send a header, and a token must not stand in an address.
      const headers = { Authorization: `Bearer ${access.token}` };
      if (last) headers["Last-Event-ID"] = last;
      const stream = await fetch(access.events, { headers, cache: "no-store" });
      if (stream.status === 204) return; // `last` was the end
      if (stream.status === 401) {
        access = null; // the token has ended; the next attempt gets a new one
        continue;
      }
      if (!stream.ok) throw refusal(stream.status);
      show("notice", "");
      for await (const event of events(stream.body)) {
        last = event.id;
        failures = 0;
        if (event.name === "end") return;
        showEvent(event);
      }
    } catch (error) {
      // A broken connection is a TypeError.
      if (error instanceof Refused || error instanceof SyntaxError) throw error;
    }
    show("notice", "Waiting for Behalf…");
  }
}

/**
 * Asks this site, not Behalf: the site knows who is signed in. While Behalf does not have the job
 * yet, the answer is 503.
 */
async function newToken() {
  const csrf = document.querySelector("[name=_csrf]").value;
  const answer = await fetch(tokenAddress, {
    method: "POST", headers: { "X-CSRF-TOKEN": csrf }, redirect: "manual", // to the sign-in page
  });
  if (answer.status === 410) return ENDED;
  if (!answer.ok) throw refusal(answer.status);
  return answer.json();
}

function refusal(status) {
  return status === 429 || status >= 500
    ? new Error(`Status ${status}`)
    : new Refused("The work cannot be shown here.");
}

function showEvent({ name, data }) {
  if (name === "progress") {
    element("progress").hidden = false;
    if (data.fraction != null) element("progress").value = data.fraction;
    if (data.message) show("notice", data.message);
  }
  if (name === "output") {
    element("output").hidden = false;
    element("output").append(data.delta);
  }
  if (name === "restart") show("output", ""); // the work starts again
  if (name === "usage") show("units", `Units so far: ${data.units}`);
  if (name !== "restart" && element("state").textContent !== "Running") show("state", "Running");
}

/** Replaces the part of the page that changes at the end, as the site now renders it. */
async function showEnd() {
  for (let attempt = 1; attempt <= 5; attempt++) {
    const request = fetch(location.href, { cache: "no-store", redirect: "manual" });
    const answer = await request.catch(() => null);
    if (answer?.ok) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const ended = page.getElementById("task");
      if (!ended.dataset.token) {
        element("task").replaceWith(ended);
        element("state").className = page.getElementById("state").className;
        show("state", page.getElementById("state").textContent);
        return;
      }
    }
    await pause(attempt);
  }
  throw new Refused("The work has ended.");
}

function show(id, text) {
  element(id).textContent = text;
}

/** Parses server-sent events whose data is JSON. An incomplete event is dropped. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const blocks = (text += read.value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/:(.*)/s)));
        if (fields.event) yield { id: fields.id, name: fields.event, data: JSON.parse(fields.data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {}); // closes the connection
  }
}
