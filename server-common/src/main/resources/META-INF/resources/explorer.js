'use strict';
// Draws the operations of an OpenAPI document and sends them, with a key that only this page holds. Its words are
// those of the page: data attributes of #explorer.

const explorer = document.getElementById('explorer');
const say = (word, value) => explorer.dataset[word].replace('{0}', value);
const csrf = name => document.querySelector(`meta[name="${name}"]`)?.content;
let key = '';

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children.filter(child => child !== null));
  return element;
}

/** A value that a schema takes, to begin with. */
function example(schema, document) {
  if (schema.$ref) return example(document.components.schemas[schema.$ref.split('/').pop()], document);
  if (schema.examples) return schema.examples[0];
  if (schema.anyOf ?? schema.oneOf) return example((schema.anyOf ?? schema.oneOf)[0], document);
  if (schema.enum) return schema.enum[0];
  if (schema.type === 'array') return [example(schema.items, document)];
  if (schema.type === 'object') {
    const required = Object.entries(schema.properties ?? {}).filter(([name]) => samples[name] !== undefined || schema.required?.includes(name));
    return Object.fromEntries(required.map(([name, part]) => [name, samples[name] ?? example(part, document)]));
  }
  return {integer: 1, boolean: true}[schema.type] ?? '';
}

const samples = {
  job_id: crypto.randomUUID?.() ?? '', name: 'From the explorer',
  scopes: ['jobs:read'], overlap: '15m', token: 'bh_test_…', url: 'https://example.com/found/here',
};

function credential() {
  const input = make('input', {type: 'password', id: 'explorer-key', autocomplete: 'off', placeholder: 'bh_test_…', spellcheck: false});
  input.addEventListener('input', () => { key = input.value.trim(); });
  const status = make('p', {className: 'doors'});
  status.setAttribute('role', 'status');
  let button = null;
  if (explorer.dataset.issues) {
    button = make('button', {type: 'button', textContent: say('issue')});
    button.addEventListener('click', async () => {
      const answer = await fetch(explorer.dataset.issues, {
        method: 'POST',
        headers: {'Content-Type': 'application/json', [csrf('csrf-header')]: csrf('csrf')},
        body: JSON.stringify({
          name: 'API explorer', environment: 'test', expires_at: new Date(Date.now() + 3600e3).toISOString(),
          scopes: ['jobs:read', 'jobs:write', 'usage:read', 'keys:read'],
        }),
      });
      const body = await answer.json();
      key = answer.ok ? body.secret : '';
      input.value = key;
      status.textContent = answer.ok ? say('issued', body.key.id) : body.detail;
    });
  }
  return make('div', {className: 'credential'},
    make('label', {htmlFor: 'explorer-key', textContent: say('key')}), make('div', {className: 'row'}, input, button), status);
}

function doors(operation) {
  if (!operation.security.length) return say('open');
  const scopes = [...new Set(operation.security.flatMap(one => Object.values(one).flat()))];
  return say('doors', operation.security.map(one => Object.keys(one)[0]).join(', ')) + (scopes.length ? ` ${say('scope', scopes.join(', '))}` : '');
}

function form(method, path, operation, document) {
  const prefix = operation.operationId;
  const fields = operation.parameters.map(parameter => {
    const id = `${prefix}-${parameter.name}`;
    const input = make('input', {id, name: parameter.name, required: parameter.required, autocomplete: 'off'});
    return {parameter, input, row: make('div', {}, make('label', {htmlFor: id, textContent: `${parameter.name} (${parameter.in})`}), input)};
  });
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const begin = type === 'application/json' ? JSON.stringify(example(content.schema, document), null, 2) : '';
  const body = type ? make('textarea', {id: `${prefix}-body`, rows: 8, spellcheck: false, value: begin}) : null;
  const answer = make('pre', {hidden: true, tabIndex: 0});
  answer.setAttribute('role', 'status');
  const element = make('form', {}, make('p', {className: 'doors', textContent: doors(operation)}), ...fields.map(field => field.row),
    body ? make('div', {}, make('label', {htmlFor: body.id, textContent: say('body')}), body) : null,
    make('div', {}, make('button', {type: 'submit', className: 'send', textContent: say('send')})), answer);
  element.addEventListener('submit', async event => {
    event.preventDefault();
    const sent = request(path, fields, operation);
    const response = await fetch(sent.url, {method: method.toUpperCase(), headers: sent.headers, body: body?.value, credentials: 'omit'});
    const text = await response.text();
    answer.hidden = false;
    answer.textContent = [`${response.status} ${response.statusText}`,
      ...['Location', 'RateLimit', 'Retry-After', 'WWW-Authenticate'].filter(name => response.headers.get(name)).map(name => `${name}: ${response.headers.get(name)}`),
      '', pretty(text)].join('\n');
  });
  return element;
}

function request(path, fields, operation) {
  const headers = {};
  const query = new URLSearchParams();
  let url = path;
  for (const {parameter, input} of fields) {
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value && parameter.in === 'query') query.set(parameter.name, input.value);
    else if (input.value) headers[parameter.name] = input.value;
  }
  const type = Object.keys(operation.requestBody?.content ?? {})[0];
  if (type) headers['Content-Type'] = type;
  if (key && operation.security.length) headers.Authorization = `Api-Key ${key}`;
  return {url: query.size ? `${url}?${query}` : url, headers};
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

async function draw() {
  const document = await (await fetch(explorer.dataset.document)).json();
  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) =>
    make('details', {}, make('summary', {}, make('span', {className: 'method', textContent: method.toUpperCase()}),
      make('span', {className: 'path', textContent: path}), make('span', {className: 'what', textContent: operation.summary})),
      form(method, path, operation, document))));
  explorer.prepend(credential(), ...operations);
}

if (explorer) draw();
