// What was typed into a form with `data-draft` is kept for this tab until the server has accepted it, since a session
// can end meanwhile. The value of `data-draft` tells forms at one address apart: the operation of a job.
// `data-given` says that the server has filled the form, which is newer than any draft: with `accepted`, the page is
// the answer to the form that was sent.

const SENT = 'sent draft';
const page = document.querySelector('form[data-draft]');
const owner = document.querySelector('.account .email')?.title;
const nameOf = form => `draft ${new URL(form.action).pathname}`;

const isChoice = field => ['checkbox', 'radio'].includes(field.type);
const key = field => isChoice(field) ? `${field.name}=${field.value}` : field.name;
const valueOf = field => isChoice(field) ? field.checked : field.value;
const isTyped = field => field.name && !['hidden', 'password', 'file', 'submit'].includes(field.type) && !field.closest('.tabs');
const fields = form => [...form.elements].filter(isTyped);

// What nobody has changed is the example of an operation, or what the server has filled in.
const isChanged = field => isChoice(field) ? field.checked !== field.defaultChecked
  : field.tagName === 'SELECT' ? ![...field.options].every(option => option.selected === option.defaultSelected)
  : field.value !== field.defaultValue;

export function typed(form, before = {}) {
  return Object.fromEntries(fields(form).filter(field => isChanged(field) || key(field) in before).map(field => [key(field), valueOf(field)]));
}

export function fill(form, values) {
  for (const field of fields(form)) {
    if (!(key(field) in values)) continue;
    if (isChoice(field)) field.checked = values[key(field)];
    else field.value = values[key(field)];
  }
}

export function draftOf(form) {
  const draft = JSON.parse(sessionStorage.getItem(nameOf(form)) ?? 'null');
  return draft?.owner === owner ? draft : null;
}

export function keep(form) {
  const draft = draftOf(form);
  const of = form.dataset.draft;
  const values = typed(form, draft?.of === of ? draft.values : {});
  try {
    sessionStorage.setItem(nameOf(form), JSON.stringify({ owner, of, values }));
  } catch {
    // The browser keeps nothing, or the text is too long.
  }
}

// The page after a form was sent: it is the form again if something was wrong, or another page if it was accepted.
const sent = sessionStorage.getItem(SENT);
if (sent && owner) {
  sessionStorage.removeItem(SENT);
  if (!page || sent !== nameOf(page) || page.dataset.given === 'accepted') sessionStorage.removeItem(sent);
}

if (page && !page.dataset.given) {
  const draft = draftOf(page);
  if (draft?.of === page.dataset.draft) fill(page, draft.values);
}

const form = event => event.target.closest('form[data-draft]');
document.addEventListener('input', event => form(event) && keep(form(event)));
document.addEventListener('submit', event => form(event) && sessionStorage.setItem(SENT, nameOf(form(event))));
