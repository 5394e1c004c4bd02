// A secret is shown once: copies it, and asks before the page is left while nothing was copied.

const guard = document.querySelector('[data-guard]');
const keep = event => event.preventDefault();
const release = () => removeEventListener('beforeunload', keep);

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = button.dataset.copied;
    if (guard?.contains(source)) release();
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = button.dataset.selected;
  }
  const said = document.getElementById('said');
  if (said) said.textContent = button.textContent;
}

document.addEventListener('click', event => {
  const button = event.target.closest('[data-copy]');
  if (button) copy(button);
});

if (guard) {
  addEventListener('beforeunload', keep);
  guard.addEventListener('copy', release);
  document.addEventListener('submit', release);
}
