/** A form for JSON of a schema. It holds what was typed; errors of the service stand at their fields. */

import {html, live as asShown, nothing} from '/assets/vendor/lit.js';
import {EMPTY_TEXT, draftOf, emptyDraft, formOf, typeOf} from './openapi.js';
import {Part} from './parts.js';

/** @typedef {{path: string, expected: string, actual: string}} FieldError */

class Form extends Part {
  static properties = {
    schema: {attribute: false},
    draft: {attribute: false},
    errors: {attribute: false},
  };

  constructor() {
    super();
    /** @type {import('./openapi.js').Schema} */
    this.schema = {properties: {}};
    /** @type {import('./openapi.js').Draft} */
    this.draft = {};
    /** @type {FieldError[]} */
    this.errors = [];
  }

  render() {
    return html`<div class="form">${this.object(this.schema, this.draft, '')}</div>`;
  }

  changed() {
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('draft', {bubbles: true}));
  }

  /** @param {import('./openapi.js').Schema} schema @param {any} draft @param {string} path @returns {unknown} */
  object(schema, draft, path) {
    const required = new Set(schema.required ?? []);
    const fields = Object.entries(schema.properties);
    return fields.length === 0
      ? html`<p class="muted">It has no fields.</p>`
      : fields.map(([name, each]) => this.field(each, required.has(name), draft, name, path === '' ? name : `${path}.${name}`));
  }

  /** @param {import('./openapi.js').Schema} schema @param {boolean} required @param {any} holder @param {string | number} key @param {string} path @returns {unknown} */
  field(schema, required, holder, key, path) {
    const form = formOf(schema);
    const id = `field-${path}`;
    const errors = this.errors.filter((error) => error.path === path);
    const says = html`${errors.map((error) => html`<p class="error" id="${id}-error">expected ${error.expected}, got ${error.actual}</p>`)}`;
    const name = typeof key === 'number' ? String(key + 1) : key;
    const optional = required ? nothing : html` <span class="muted small">optional</span>`;
    if (form === 'object' || form === 'list') {
      return html`
        <fieldset class=${errors.length > 0 ? 'wrong' : ''}>
          <legend>${name}${optional}</legend>
          ${schema.description === undefined ? nothing : html`<p class="small muted">${schema.description}</p>`}
          ${says}
          ${form === 'list' ? this.list(schema, holder, key, path) : this.nested(schema, required, holder, key, path)}
        </fieldset>`;
    }
    return html`
      <div class="form-field ${errors.length > 0 ? 'wrong' : ''}">
        <label for=${id}>${name}${optional}</label>
        ${this.input(schema, required, holder, key, id, errors.length > 0)}
        ${says}
        ${schema.description === undefined ? nothing : html`<p class="small muted" id="${id}-doc">${schema.description}</p>`}
      </div>`;
  }

  /** @param {import('./openapi.js').Schema} schema @param {boolean} required @param {any} holder @param {string | number} key @param {string} path */
  nested(schema, required, holder, key, path) {
    const put = (/** @type {any} */ draft) => { holder[key] = draft; this.changed(); };
    if (holder[key] === undefined) {
      return html`<button class="button" type="button" @click=${() => put(emptyDraft(schema))}>Add</button>`;
    }
    return html`${this.object(schema, holder[key], path)}
      ${required ? nothing : html`<button class="button" type="button" @click=${() => put(undefined)}>Remove</button>`}`;
  }

  /** @param {import('./openapi.js').Schema} schema @param {any} holder @param {string | number} key @param {string} path */
  list(schema, holder, key, path) {
    const put = (/** @type {any[]} */ draft) => { holder[key] = draft; this.changed(); };
    const items = /** @type {any[]} */ (holder[key]);
    const isObject = formOf(schema.items) === 'object';
    return html`
      ${items.map((item, i) => html`
        <div class="item" role="group" aria-label="${key} ${i + 1}">
          <div class="item-fields">${isObject ? this.object(schema.items, item, `${path}[${i}]`) : this.field(schema.items, true, items, i, `${path}[${i}]`)}</div>
          <button class="button quiet" type="button" aria-label="Remove ${key} ${i + 1}" @click=${() => put(items.toSpliced(i, 1))}>✕</button>
        </div>`)}
      <button class="button" type="button" @click=${() => put([...items, emptyDraft(schema.items)])}>Add to ${key}</button>`;
  }

  /** @param {import('./openapi.js').Schema} schema @param {boolean} required @param {any} holder @param {string | number} key @param {string} id @param {boolean} wrong */
  input(schema, required, holder, key, id, wrong) {
    const form = formOf(schema);
    const typed = (/** @type {Event} */ event) => {
      holder[key] = /** @type {HTMLInputElement} */ (event.target).value;
      this.changed();
    };
    const described = [wrong ? `${id}-error` : '', schema.description === undefined ? '' : `${id}-doc`].join(' ').trim();
    if (form === 'choice' || form === 'flag') {
      const values = form === 'flag' ? ['true', 'false'] : schema.enum.filter((/** @type {any} */ each) => each !== null);
      return html`<select id=${id} aria-describedby=${described || nothing} aria-invalid=${wrong} .value=${asShown(holder[key])} @change=${typed}>
        <option value="">${required ? 'choose' : '–'}</option>
        ${values.map((/** @type {string} */ value) => html`<option value=${value} ?selected=${holder[key] === value}>${value}</option>`)}
      </select>`;
    }
    return html`<input id=${id} type=${form === 'date' ? 'date' : 'text'} inputmode=${inputMode(schema) ?? nothing} aria-describedby=${described || nothing} aria-invalid=${wrong}
      aria-required=${required} placeholder=${placeholder(schema, required)} autocomplete="off" spellcheck="false" .value=${asShown(holder[key])} @input=${typed}>`;
  }
}

/** @param {import('./openapi.js').Schema} schema */
function inputMode(schema) {
  return typeOf(schema) === 'integer' ? 'numeric' : typeOf(schema) === 'number' || schema.format === 'decimal' ? 'decimal' : null;
}

/** @param {import('./openapi.js').Schema} schema @param {boolean} required */
function placeholder(schema, required) {
  if (formOf(schema) === 'json') {
    return 'JSON';
  }
  if (schema.format !== undefined) {
    return schema.format === 'date-time' ? '2011-01-04T10:00:00Z' : schema.format === 'decimal' ? '12.50' : '';
  }
  return required && typeOf(schema) === 'string' ? `${EMPTY_TEXT}: an empty text` : '';
}

/** @param {import('./openapi.js').Command} command */
export function exampleDraft(command) {
  return draftOf(command.schema, command.example ?? {});
}

customElements.define('an-form', Form);
