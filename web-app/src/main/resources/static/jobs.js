// While somebody writes: about what the job costs, and the same as a command. Without this, a button asks.

const form = document.getElementById('job-form');
let waiting, asked = 0;

async function preview() {
  const turn = ++asked;
  const answer = await fetch(form.dataset.preview, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok || answer.redirected || turn !== asked) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('preview');
  const old = document.getElementById('preview');
  if (!fresh || !old) return;
  const open = old.querySelector('details')?.open;
  fresh.querySelector('details')?.toggleAttribute('open', open);
  old.replaceWith(fresh);
}

form?.addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => form.elements.text.value.trim() && preview().catch(() => {}), 400);
});
