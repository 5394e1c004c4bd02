// The form for a new job. While somebody writes: about what the job costs, and the same as a command; without this, a
// button asks. Another operation changes the fields in place and keeps what was typed; without this, it is a link.

let waiting, asked = 0;
const form = () => document.getElementById('job-form');

async function fetched(address, options) {
  const answer = await fetch(address, options);
  return answer.ok && !answer.redirected ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
}

async function preview() {
  const turn = ++asked;
  const fresh = (await fetched(form().dataset.preview, { method: 'POST', body: new URLSearchParams(new FormData(form())) }))
    ?.getElementById('preview');
  const old = document.getElementById('preview');
  if (!fresh || !old || turn !== asked) return;
  fresh.querySelector('details')?.toggleAttribute('open', old.querySelector('details')?.open);
  old.replaceWith(fresh);
}

// Only what somebody has changed is kept: the rest is the example of the operation before.
function typed() {
  return [...form().querySelectorAll('#input [name]')]
    .filter(field => field.tagName !== 'SELECT' && field.type !== 'checkbox' && field.value !== field.defaultValue)
    .map(field => [field.name, field.value]);
}

async function choose(link) {
  const kept = typed();
  const fresh = (await fetched(link.href))?.getElementById('job-form');
  if (!fresh) return location.assign(link.href);
  form().replaceWith(fresh);
  for (const [name, value] of kept) {
    const field = fresh.elements[name];
    if (field) field.value = value;
  }
  fresh.querySelector('[aria-current]')?.focus();
}

document.addEventListener('click', event => {
  const link = event.target.closest('#job-form [data-operation]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  choose(link).catch(() => location.assign(link.href));
});

document.addEventListener('input', event => {
  if (!event.target.closest('#job-form')) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => preview().catch(() => {}), 400);
});
