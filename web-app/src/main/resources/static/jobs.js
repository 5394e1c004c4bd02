// The form for a new job. While somebody writes: about what the job costs, and the same as a call; without this, a
// button asks. Another operation changes the fields in place and keeps what was typed; without this, it is a link.
// What was typed is kept for this tab until the job is accepted, since a session can end meanwhile.

const DRAFT = 'draft';
let waiting, asked = 0, chosen = 0;
const form = () => document.getElementById('job-form');
const owner = () => document.querySelector('.account .email')?.title ?? '';

async function fetched(address, options) {
  const answer = await fetch(address, options);
  return answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
}

async function preview() {
  const turn = ++asked;
  const page = await fetched(form().dataset.preview, { method: 'POST', body: new URLSearchParams(new FormData(form())) });
  if (!page || turn !== asked) return;
  const [old, fresh] = [document, page].map(part => part.getElementById('preview'));
  const [oldCalls, calls] = [document, page].map(part => part.getElementById('calls'));
  const tab = oldCalls?.querySelector(':checked')?.id;
  calls?.querySelector(`#${tab}`)?.setAttribute('checked', '');
  fresh.querySelector('details')?.toggleAttribute('open', old.querySelector('details')?.open ?? false);
  if (calls && oldCalls && !old.contains(oldCalls)) {
    calls.closest('details').remove();
    oldCalls.replaceWith(calls);
  }
  old.replaceWith(fresh);
}

// Only what somebody has changed is kept: the rest is the example of the operation before.
const isChanged = field => field.type === 'checkbox' ? field.checked !== field.defaultChecked
  : field.tagName === 'SELECT' ? ![...field.options].every(option => option.selected === option.defaultSelected)
  : field.value !== field.defaultValue;

function typed() {
  return [...form().querySelectorAll('#input [name]')].filter(isChanged)
    .map(field => [field.name, field.type === 'checkbox' ? field.checked : field.value]);
}

function fill(values) {
  for (const [name, value] of values) {
    const field = form().elements[name];
    if (!field) continue;
    if (typeof value === 'boolean') field.checked = value;
    else field.value = value;
  }
}

async function choose(link) {
  const turn = ++chosen;
  const fresh = (await fetched(link.href))?.getElementById('job-form');
  if (turn !== chosen) return;
  if (!fresh) return location.assign(link.href);
  const kept = typed(); // Only now: somebody may have typed while the fields were on their way.
  form().replaceWith(fresh);
  fill(kept);
  if (kept.length) keep();
  fresh.querySelector('[aria-current]')?.focus();
  await preview();
}

function keep() {
  const draft = { owner: owner(), operation: form().elements.operation.value, values: typed() };
  try {
    sessionStorage.setItem(DRAFT, JSON.stringify(draft));
  } catch {
    // The browser keeps nothing, or the text is too long.
  }
}

async function restore() {
  const draft = JSON.parse(sessionStorage.getItem(DRAFT) ?? 'null');
  sessionStorage.removeItem('sent');
  const asks = new URLSearchParams(location.search).get('operation');
  if (!draft?.values.length || draft.owner !== owner() || !form().dataset.fresh) return;
  if (asks && asks !== draft.operation) return;
  const link = form().querySelector(`[data-operation="${CSS.escape(draft.operation)}"]`);
  if (!link) return;
  if (form().elements.operation.value !== draft.operation) await choose(link);
  fill(draft.values);
  await preview();
}

document.addEventListener('click', event => {
  const link = event.target.closest('#job-form [data-operation]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  choose(link).catch(() => location.assign(link.href));
});

document.addEventListener('input', event => {
  if (!event.target.closest('#job-form')) return;
  keep();
  clearTimeout(waiting);
  waiting = setTimeout(() => preview().catch(() => {}), 400);
});

document.addEventListener('submit', event => {
  if (event.submitter?.id === 'run') sessionStorage.setItem('sent', 'true');
});

document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('#job-form')) form().requestSubmit(document.getElementById('run'));
});

restore().catch(() => {});
