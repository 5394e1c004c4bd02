// Shows what the engine of a job says while it works. Each event has a number: a stream that was cut, or a page that was
// hidden, goes on behind the last one it has shown.

const run = () => document.getElementById('job-run');
const part = name => run().querySelector(`#run-${name}`);
const MOST_LINES = 1000;
const MOST_TRIES = 5;

let stream, retry, ended;
let tries = 0;

const acts = {
  restart() {
    part('output').textContent = '';
    part('log').querySelector('ol').replaceChildren();
    part('progress').hidden = true;
  },
  progress({ fraction, message }) {
    const bar = part('progress').querySelector('progress');
    if (fraction !== undefined) Object.assign(bar, { value: fraction, hidden: false });
    if (message !== undefined) part('progress').querySelector('span').textContent = message;
    part('progress').hidden = false;
  },
  output({ delta }) {
    const output = part('output');
    const atEnd = output.scrollHeight - output.scrollTop - output.clientHeight < 20;
    output.append(delta);
    output.hidden = false;
    if (atEnd) output.scrollTop = output.scrollHeight;
  },
  log({ message }) {
    const lines = part('log').querySelector('ol');
    lines.append(Object.assign(document.createElement('li'), { textContent: message ?? '' }));
    if (lines.children.length > MOST_LINES) lines.firstElementChild.remove();
    part('log').hidden = false;
  },
  truncated() { part('cut').hidden = false; },
  usage() {},
};

function show(name, event) {
  // The page itself may have been fetched again in the meantime, with more than this stream has told.
  if (!run() || Number(event.lastEventId) <= Number(run().dataset.after)) return;
  run().dataset.after = event.lastEventId;
  run().hidden = false;
  acts[name](JSON.parse(event.data));
}

function open() {
  clearTimeout(retry);
  stream?.close();
  delete run()?.dataset.live;
  if (ended || document.hidden || !run()) return;
  stream = new EventSource(`${run().dataset.events}?after=${run().dataset.after}`);
  for (const name of Object.keys(acts)) stream.addEventListener(name, event => show(name, event));
  // While the stream is open, this script keeps the part fresh; without one, the page does.
  stream.addEventListener('open', () => { tries = 0; run().dataset.live = 'true'; });
  // The page takes over: beside the answer, it hides the output.
  stream.addEventListener('end', () => { ended = true; stream.close(); delete run()?.dataset.live; });
  stream.addEventListener('error', () => {
    delete run()?.dataset.live;
    if (stream.readyState === EventSource.CLOSED && tries++ < MOST_TRIES) retry = setTimeout(open, 5000);
  });
}

if (run() && document.getElementById('job').dataset.open === 'true') {
  document.addEventListener('visibilitychange', open);
  open();
}
