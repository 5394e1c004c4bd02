// Keeps #job, #jobs, #quota and #progress as fresh as the server. The stream only says that something changed;
// what is shown is always fetched. After a gap the server tells what was missed, or says hello: then all is fetched.
// A hidden page holds no connection: browsers allow few per host, and tabs would starve each other.

const chip = document.getElementById('live');
const pause = document.getElementById('pause');
const said = document.getElementById('said');
const sections = ['job', 'jobs', 'quota', 'progress'].filter(id => document.getElementById(id)).map(id => ({ id }));

let stream, retry, speech, news, heard;
let paused = false;
let ended = false;

const asleep = () => paused || ended || document.hidden;
const wake = () => { connect(); sections.filter(section => section.stale).forEach(refresh); };
const again = () => { connect(); refreshAll(); };
const unfinished = () => document.querySelector('[data-open="true"]') !== null;
const sleep = ms => new Promise(done => setTimeout(done, ms));
const refreshAll = () => sections.forEach(refresh);

function show(state) {
  if (chip.dataset.state === state) return;
  chip.dataset.state = state;
  chip.textContent = chip.dataset[state];
}

// However many events arrive, a section has one fetch in flight and one waiting.
async function refresh(section) {
  section.stale = true;
  if (section.busy) return;
  section.busy = true;
  while (section.stale && !asleep()) {
    section.stale = false;
    const answered = await load(section.id).catch(() => false);
    section.stale ||= !answered;
    // A search costs more than a list.
    await sleep(!answered ? 1000 : document.getElementById(section.id).dataset.search ? 15000 : 100);
  }
  section.busy = false;
}

async function load(id) {
  const answer = await fetch(document.getElementById(id).dataset.src, { cache: 'no-store', headers: { 'X-Requested-With': 'fetch' } });
  if (answer.redirected || answer.status === 401) signedOut();
  else if (answer.ok && !paused) place(id, await answer.text());
  return answer.status < 500 && answer.status !== 429;
}

// The page stays as it is, so that nothing that somebody has typed is lost.
function signedOut() {
  ended = true;
  stream?.close();
  show('offline');
  const notice = document.getElementById('signed-out');
  notice.setAttribute('role', 'alert');
  notice.hidden = false;
  // The page itself: whoever signs in comes back to it.
  notice.querySelector('a').href = location.pathname + location.search;
}

function place(id, html) {
  const old = document.getElementById(id);
  const fresh = new DOMParser().parseFromString(html, 'text/html').getElementById(id);
  if (!fresh) return;
  const focused = document.activeElement?.id;
  const selected = [...old.querySelectorAll('tbody :checked')].map(box => box.id);
  tick(fresh);
  for (const { id, open } of old.querySelectorAll('details[id]')) fresh.querySelector(`#${id}`)?.toggleAttribute('open', open);
  const [rows, newRows] = [old, fresh].map(section => section.querySelector('tbody'));
  if (rows && newRows && old.dataset.news) { hold(rows, newRows, old.dataset.news); merge(rows, newRows); }
  else merge(old, fresh);
  for (const box of selected) if (document.getElementById(box)) document.getElementById(box).checked = true;
  Object.assign(old.dataset, fresh.dataset);
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// Whoever has scrolled or is within the list is told how many are new; it does not move under them.
function hold(rows, newRows, words) {
  const fresh = [...newRows.children].filter(row => !rows.querySelector(`[id="${row.id}"]`));
  const reads = scrollY > 0 || rows.contains(document.activeElement);
  if (reads) {
    fresh.forEach(row => row.remove());
    // They would push as many out at the end.
    const left = [...rows.children].filter(row => !newRows.querySelector(`[id="${row.id}"]`));
    if (fresh.length) newRows.append(...left.slice(-fresh.length).map(row => row.cloneNode(true)));
  }
  let pill = document.querySelector('.news');
  if (!reads || !fresh.length) return pill?.remove();
  if (!pill) {
    pill = Object.assign(document.createElement('button'), { type: 'button', className: 'news' });
    pill.addEventListener('click', () => { pill.remove(); pill.blur(); scrollTo(0, 0); refreshAll(); });
    rows.closest('table').before(pill);
  }
  pill.textContent = words.replace('{0}', fresh.length);
}

// Children that did not change are not touched, so nothing moves under the pointer or loses its scroll.
function merge(old, fresh) {
  const known = new Map([...old.children].map(child => [child.id, child]));
  let next = old.firstElementChild;
  const drop = () => { const gone = next; next = gone.nextElementSibling; gone.remove(); };
  for (const child of [...fresh.children]) {
    const twin = known.get(child.id);
    // What another script writes as it happens is newer than what was fetched.
    const same = child.id && twin?.parentNode === old && (twin.dataset.live || twin.isEqualNode(child));
    while (same && next !== twin) drop();
    if (same) next = twin.nextElementSibling;
    else old.insertBefore(child, next);
  }
  while (next) drop();
}

function changed({ id, open }) {
  const about = sections.filter(section => section.id !== 'job' || document.getElementById('job').dataset.id === id);
  if (!about.length) return;
  about.forEach(refresh);
  // A job is shown as running only when it has been for 250 ms.
  if (open) setTimeout(() => about.forEach(refresh), 300);
  else say(id);
}

// For screen readers: the latest news, at most once in two seconds, in the words that the page shows by then.
function say(id) {
  news = id;
  speech ||= setTimeout(() => {
    const name = document.getElementById(`open-${news}`) ?? document.getElementById('job-title');
    const state = (document.getElementById(`job-${news}`) ?? document.getElementById('job'))?.querySelector('.chip:not(.chip-test)');
    said.textContent = `${name?.textContent ?? ''} ${state?.textContent ?? ''}`;
    speech = 0;
  }, 2000);
}

function connect() {
  clearTimeout(retry);
  stream?.close();
  if (asleep()) return;
  stream = new EventSource(heard ? `/live?after=${heard}` : '/live');
  on('hello', () => { show('live'); refreshAll(); });
  on('goes-on', () => show('live'));
  on('job', event => changed(JSON.parse(event.data)));
  stream.addEventListener('error', lost);
}

function on(name, act) {
  stream.addEventListener(name, event => { heard = event.lastEventId; act(event); });
}

function lost() {
  show(navigator.onLine ? 'reconnecting' : 'offline');
  if (stream.readyState === EventSource.CLOSED) retry = setTimeout(again, 5000);
}

// Times that go on between two fetches: how long something has taken so far, and how long ago something was.
const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
const ago = new Intl.RelativeTimeFormat(document.documentElement.lang || 'en', { numeric: 'auto', style: 'short' });

function tick(part) {
  for (const time of part.querySelectorAll('[data-since]')) {
    const seconds = Math.floor((Date.now() - Date.parse(time.dataset.since)) / 1000);
    if (seconds >= 1) put(time, elapsed(seconds));
  }
  for (const time of part.querySelectorAll('time[data-ago]')) {
    const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time.dateTime)) / 1000));
    const [unit, length] = units.find(([, length]) => seconds >= length) ?? units.at(-1);
    put(time, ago.format(-Math.floor(seconds / length), unit));
  }
}

function elapsed(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds} s`;
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function put(time, text) {
  if (time.textContent !== text) time.textContent = text;
}

function toggle() {
  paused = !paused;
  pause.textContent = paused ? pause.dataset.resume : pause.dataset.pause;
  if (paused) show('paused');
  wake();
}

if (chip && sections.length) {
  pause.hidden = false;
  pause.addEventListener('click', toggle);
  document.addEventListener('visibilitychange', wake);
  addEventListener('online', wake);
  addEventListener('offline', () => paused || show('offline'));
  setTimeout(() => unfinished() && refreshAll(), 300);
  const progress = document.getElementById('progress');
  if (progress) setInterval(() => progress.dataset.open === 'true' && refreshAll(), 1000);
  setInterval(() => unfinished() && refreshAll(), 15000);
  connect();
}

tick(document);
setInterval(() => paused || tick(document), 1000);
