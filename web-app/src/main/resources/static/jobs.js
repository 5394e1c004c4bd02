// The form for a new job. While somebody writes: about what the job costs, and the same as a call; without this, a
// button asks. Another operation changes the fields in place and keeps what was typed; without this, it is a link.

import { draftOf, fields, fill, keep, typed } from '/drafts.js';

let waiting, asked = 0, chosen = 0;
const form = () => document.getElementById('job-form');

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

// Returns whether the fields are those of the link: somebody may have chosen another one meanwhile.
async function choose(link) {
  const turn = ++chosen;
  const fresh = (await fetched(link.href))?.getElementById('job-form');
  if (turn !== chosen) return false;
  if (!fresh) {
    location.assign(link.href);
    return false;
  }
  // Only now: somebody may have typed while the fields were on their way, and may still be typing.
  const kept = typed(form());
  const active = form().contains(document.activeElement) ? document.activeElement : null;
  const { name, selectionStart, selectionEnd } = active ?? {};
  form().replaceWith(fresh);
  fill(fresh, kept);
  if (Object.keys(kept).length) keep(fresh);
  const field = name && fields(fresh).find(other => other.name === name);
  (field || fresh.querySelector('[aria-current]'))?.focus();
  if (field && selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd);
  await preview();
  return turn === chosen;
}

// A draft may be of another operation than the one that the page shows.
async function restore() {
  const draft = draftOf(form());
  if (!draft || form().dataset.given) return;
  if (draft.of !== form().dataset.draft) {
    const link = form().querySelector(`[data-operation="${CSS.escape(draft.of)}"]`);
    if (!link || new URLSearchParams(location.search).has('operation')) return;
    if (!await choose(link)) return;
    fill(form(), draft.values);
    keep(form());
  }
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
  clearTimeout(waiting);
  waiting = setTimeout(() => preview().catch(() => {}), 400);
});

document.addEventListener('keydown', event => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.closest('#job-form')) form().requestSubmit(document.getElementById('run'));
});

restore().catch(() => {});
