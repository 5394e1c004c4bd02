// Keys: Ctrl or ⌘ K for pages, actions and ids; j and k through a list; / to search; ? for help. No key is taken
// while somebody writes, and Escape always leads out.

const palette = document.getElementById('palette');
const help = document.getElementById('shortcuts');
const input = palette?.querySelector('input');
const list = document.getElementById('palette-found');
const rows = () => [...document.querySelectorAll('tbody th a, tbody td:first-child a')];
const writes = element => element.closest('input, textarea, select, [contenteditable]') !== null;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function places() {
  const links = [...document.querySelectorAll('#palette-actions a, .nav a, .account a, .switch a, main a.button, .tabs a, .mode-bar a, .foot a')].filter(link => link.href);
  const known = new Map(links.map(link => [link.href, link.textContent.trim()]));
  const text = input.value.trim().toLowerCase();
  const found = [...known].filter(([, name]) => name.toLowerCase().includes(text));
  const base = palette.dataset.jobs;
  if (uuid.test(text)) found.unshift([`${base}/${text}`, `${palette.dataset.open} ${text}`]);
  else if (/^[a-z]+:\S|^[0-9a-f]{8}$/.test(text)) found.unshift([`${base}?q=${encodeURIComponent(input.value.trim())}`, `${palette.dataset.search} ${text}`]);
  return found.slice(0, 12);
}

function draw() {
  list.replaceChildren(...places().map(([href, name]) => {
    const item = document.createElement('li');
    const link = document.createElement('a');
    Object.assign(link, { href, textContent: name });
    item.append(link);
    return item;
  }));
}

function move(by) {
  const all = palette.open ? [...list.querySelectorAll('a')] : rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement);
  all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
}

function open() {
  input.value = '';
  draw();
  if (!palette.open) palette.showModal();
}

function pressed(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    open();
    return;
  }
  if (palette.open && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
    event.preventDefault();
    move(event.key === 'ArrowDown' ? 1 : -1);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target) || palette.open) return;
  const act = {
    j: () => move(1),
    k: () => move(-1),
    '/': () => document.querySelector('input[type=search]')?.focus(),
    '?': () => help.open || help.showModal(),
  }[event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

// A menu of the bar closes when somebody goes on elsewhere, or presses Escape.
const menus = () => [...document.querySelectorAll('details.menu[open]')];

document.addEventListener('click', event => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

document.addEventListener('submit', event => {
  if (event.target.getAttribute('action')?.includes('/signout')) sessionStorage.clear();
});

if (palette) {
  document.addEventListener('keydown', pressed);
  for (const [id, act] of [['open-palette', open], ['open-shortcuts', () => help.showModal()]]) {
    const button = document.getElementById(id);
    button.hidden = false;
    button.addEventListener('click', act);
  }
  input.addEventListener('input', draw);
  palette.querySelector('form').addEventListener('submit', event => {
    event.preventDefault();
    list.querySelector('a')?.click();
  });
}
