// Shows the amounts of a chart's columns: of the one under the pointer, or with the arrow keys one after the other.
// Without this, each column has a tooltip, and the table has all amounts. Also prints.

function readable(chart) {
  const picture = chart.querySelector('.picture');
  const readout = chart.querySelector('.readout');
  const range = chart.querySelector('[type=range]');
  const columns = [...picture.querySelectorAll('.column')];
  const hint = readout.textContent;
  // The browser's own tooltip would say the same a second time.
  const texts = columns.map(column => column.removeChild(column.firstElementChild).textContent);
  const chosen = () => document.activeElement === range ? Number(range.value) : -1;

  function show(at) {
    columns.forEach((column, i) => column.classList.toggle('current', i === at));
    readout.textContent = texts[at] ?? hint;
  }
  function choose() {
    range.setAttribute('aria-valuetext', texts[range.value]);
    show(chosen());
  }
  const under = event => columns.indexOf(event.target.closest('.column'));

  range.addEventListener('input', choose);
  range.addEventListener('focus', choose);
  range.addEventListener('blur', () => show(-1));
  picture.addEventListener('pointermove', event => show(under(event) < 0 ? chosen() : under(event)));
  picture.addEventListener('pointerleave', () => show(chosen()));
  picture.addEventListener('click', event => {
    if (under(event) < 0) return;
    range.value = under(event);
    range.focus();
    choose();
  });
  range.setAttribute('aria-valuetext', texts[range.value]);
  readout.hidden = range.hidden = false;
}

document.querySelectorAll('.chart').forEach(readable);

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
