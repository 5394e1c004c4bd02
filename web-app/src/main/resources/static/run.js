// Shows what the engine of a job says while it works. Each event has a number: a stream that was cut, or a page that was
// hidden, goes on behind the last one it has shown.

const run = document.getElementById('job-run');
const part = name => run.querySelector(`#run-${name}`);
const MOST_LINES = 1000;

let stream, retry, ended;
let after = run?.dataset.after;

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

function open() {
  clearTimeout(retry);
  stream?.close();
  if (ended || document.hidden) return;
  stream = new EventSource(`${run.dataset.events}?after=${after}`);
  for (const [name, act] of Object.entries(acts)) {
    stream.addEventListener(name, event => {
      after = event.lastEventId;
      run.hidden = false;
      act(JSON.parse(event.data));
    });
  }
  stream.addEventListener('end', () => { ended = true; stream.close(); });
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(open, 5000);
  });
}

if (run && document.getElementById('job').dataset.open === 'true') {
  document.addEventListener('visibilitychange', open);
  open();
}
