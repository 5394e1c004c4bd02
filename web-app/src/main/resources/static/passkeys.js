// Adds a passkey, or signs in with one: the browser signs what the server asks, and the form carries the answer.

const isSupported = 'parseRequestOptionsFromJSON' in (globalThis.PublicKeyCredential ?? {});
const meta = name => document.querySelector(`meta[name=${name}]`).content;

async function options(form) {
  const response = await fetch(form.dataset.options, {
    method: 'POST',
    headers: { [meta('csrf-header')]: meta('csrf') },
    body: new URLSearchParams(new FormData(form)),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

const acts = {
  async create(form) {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(await options(form));
    form.elements.password.disabled = true; // It has been checked; the form need not carry it again.
    return navigator.credentials.create({ publicKey });
  },
  async get(form) {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await options(form));
    return navigator.credentials.get({ publicKey });
  },
};

async function answer(event) {
  const form = event.currentTarget;
  event.preventDefault();
  const fault = form.querySelector('.fault');
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const credential = await acts[form.dataset.passkey](form);
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    // A DOMException means that the user or the browser has stopped; on the sign-in page that needs no words.
    if (fault) {
      fault.textContent = error instanceof DOMException ? form.dataset.cancelled : error.message;
      fault.hidden = false;
    }
    if (form.elements.password) form.elements.password.disabled = false;
    button.disabled = false;
  }
}

for (const form of document.querySelectorAll('[data-passkey]')) {
  const isHere = form.dataset.origin === location.origin;
  const missing = document.querySelector('[data-passkey-missing]');
  const elsewhere = document.querySelector('[data-passkey-elsewhere]');
  form.hidden = !isSupported || !isHere;
  if (missing) missing.hidden = isSupported || !isHere;
  if (elsewhere) elsewhere.hidden = isHere;
  form.addEventListener('submit', answer);
}
