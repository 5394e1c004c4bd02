// What was typed into a form with `data-draft` is kept for this tab until the server has accepted it, since a session
// can end meanwhile. The form for a job keeps more: see jobs.js.

const SENT = 'sent draft';
const form = document.querySelector('form[data-draft]');
const name = form && `draft ${new URL(form.action).pathname}`;
const owner = document.querySelector('.account .email')?.title;
const isChoice = field => ['checkbox', 'radio'].includes(field.type);
const fields = () => [...form.elements].filter(field => field.name && !['hidden', 'password', 'file'].includes(field.type));

function keep() {
  const values = fields().map(field => [field.name, isChoice(field) ? field.checked : field.value]);
  try {
    sessionStorage.setItem(name, JSON.stringify({ owner, values }));
  } catch {
    // The browser keeps nothing.
  }
}

function restore() {
  const draft = JSON.parse(sessionStorage.getItem(name) ?? 'null');
  if (draft?.owner !== owner) return;
  fields().forEach((field, i) => {
    const [of, value] = draft.values[i] ?? [];
    if (of !== field.name) return;
    if (isChoice(field)) field.checked = value;
    else field.value = value;
  });
}

// The page after a form was sent: it is the form again if something was wrong, or another page if it was accepted.
const sent = sessionStorage.getItem(SENT);
if (sent && owner) {
  sessionStorage.removeItem(SENT);
  if (sent !== name) sessionStorage.removeItem(sent);
}

if (form) {
  restore();
  form.addEventListener('input', keep);
  form.addEventListener('submit', () => sessionStorage.setItem(SENT, name));
}
