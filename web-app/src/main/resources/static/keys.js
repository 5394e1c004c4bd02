// A secret is shown once: copies it, and asks before the page is left while nothing was copied.

const guard = document.querySelector('[data-guard]');
const keep = event => event.preventDefault();
const release = () => removeEventListener('beforeunload', keep);

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = 'Copied';
    release();
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = 'Selected: copy it now';
  }
  const said = document.getElementById('said');
  if (said) said.textContent = button.textContent;
}

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', () => copy(button));
}

for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin;

if (guard) {
  addEventListener('beforeunload', keep);
  guard.addEventListener('copy', release);
  document.addEventListener('submit', release);
}
