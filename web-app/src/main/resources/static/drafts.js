// What was typed into a form with `data-draft` is kept for this tab until the server has accepted it, since a session
// can end meanwhile. The value of `data-draft` tells forms at one address apart: the operation of a job.
// `data-given` says that the server has filled the form, which then wins over a draft of another page: with `accepted`,
// the page is the answer to the form that was sent.

const SENT = 'sent draft';
const page = document.querySelector('form[data-draft]');
const here = location.pathname + location.search;
const owner = document.querySelector('.account .email')?.title;
const nameOf = form => `draft ${new URL(form.action).pathname}`;

const isChoice = field => ['checkbox', 'radio'].includes(field.type);
const key = field => isChoice(field) ? `${field.name}=${field.value}` : field.name;
const valueOf = field => isChoice(field) ? field.checked : field.value;
const isTyped = field => field.name && !['hidden', 'password', 'file', 'submit'].includes(field.type) && !field.closest('.tabs');
export const fields = form => [...form.elements].filter(isTyped);

// What nobody has changed is the example of an operation, or what the server has filled in.
const isChanged = field => isChoice(field) ? field.checked !== field.defaultChecked
  : field.tagName === 'SELECT' ? ![...field.options].every(option => option.selected === option.defaultSelected)
  : field.value !== field.defaultValue;

const valuesOf = fields => Object.fromEntries(fields.map(field => [key(field), valueOf(field)]));
export const typed = form => valuesOf(fields(form).filter(isChanged));

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

// Only of a form that shows an example, what differs from it is enough.
export function keep(form) {
  const isExample = form.dataset.draft && !form.dataset.given;
  const values = isExample ? typed(form) : valuesOf(fields(form));
  try {
    if (!Object.keys(values).length) return sessionStorage.removeItem(nameOf(form));
    sessionStorage.setItem(nameOf(form), JSON.stringify({ owner, at: here, of: form.dataset.draft, values }));
  } catch {
    // The browser keeps nothing, or the text is too long.
  }
}

// The page after a form was sent: if something was wrong, it is the form again or tells the problem; if the form was
// accepted, it is another page.
const sent = sessionStorage.getItem(SENT);
if (sent && owner) {
  sessionStorage.removeItem(SENT);
  const isRefused = document.querySelector('[data-problem]') || page && sent === nameOf(page) && page.dataset.given !== 'accepted';
  if (!isRefused) sessionStorage.removeItem(sent);
}

if (page) {
  const draft = draftOf(page);
  if (draft?.of === page.dataset.draft && (!page.dataset.given || draft.at === here)) fill(page, draft.values);
}

const form = event => event.target.closest('form[data-draft]');
document.addEventListener('input', event => form(event) && keep(form(event)));
document.addEventListener('submit', event => form(event) && sessionStorage.setItem(SENT, nameOf(form(event))));
