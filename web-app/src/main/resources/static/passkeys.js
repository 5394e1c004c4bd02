// Adds a passkey, or signs in with one: the browser signs what the server asks, and the form carries the answer.

const isSupported = 'parseRequestOptionsFromJSON' in (globalThis.PublicKeyCredential ?? {});

// What the server says to the user. Any other error is a page, a cut or a fault: nothing to read.
class Refusal extends Error {}

async function options(form) {
  const response = await fetch(form.dataset.options, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
  });
  const type = response.headers.get('Content-Type') ?? '';
  if (type.startsWith('text/plain')) throw new Refusal(await response.text());
  return response.json();
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
  fault.hidden = true;
  button.disabled = true;
  try {
    const credential = await acts[form.dataset.passkey](form);
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.submit();
  } catch (error) {
    fault.textContent = words(form, error);
    fault.hidden = fault.textContent === '';
    if (form.elements.password) form.elements.password.disabled = false;
    button.disabled = false;
  }
}

function words(form, error) {
  // A DOMException means that the user or the browser has stopped; on the sign-in page that needs no words.
  if (error instanceof DOMException) return form.dataset.cancelled ?? '';
  return error instanceof Refusal ? error.message : form.dataset.failed;
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
