/** Elements that screens share. All render into the page itself, so that one style sheet holds for everything. */

import {LitElement, html, nothing} from '/assets/vendor/lit.js';
import {Problem, setToken, token} from './api.js';
import {isNumeric, scalar} from './format.js';

/** An element without a shadow root. */
export class Part extends LitElement {
  createRenderRoot() {
    return this;
  }
}

/** @param {unknown} failure @param {() => void} [again] */
export function problem(failure, again) {
  const known = failure instanceof Problem ? failure : null;
  const detail = known === null ? String(failure) : known.detail;
  return html`
    <div class="problem" role="alert">
      <strong>${known?.title ?? 'Something went wrong'}</strong>
      ${detail === '' ? nothing : html`<p>${detail}</p>`}
      <p class="small">
        ${known === null || known.status === 0 ? nothing : html`<code>${known.status} ${known.code}</code>`}
        ${passes(failure) ? html`<span class="muted">It is tried again by itself.</span>` : nothing}
        ${again === undefined ? nothing : html`<button class="button" type="button" @click=${again}>Try again</button>`}
      </p>
    </div>`;
}

const AGAIN_MILLIS = 3_000;

/** Whether what is not there now may be there soon. @param {unknown} failure */
export function passes(failure) {
  return failure instanceof Problem && [0, 429, 502, 503, 504].includes(failure.status);
}

/**
 * Has something tried again by itself, where that can help.
 *
 * @param {unknown} failure @param {() => void} again
 */
export function soon(failure, again) {
  return passes(failure) ? setTimeout(again, AGAIN_MILLIS) : undefined;
}

/** Room for what comes, so that nothing jumps when it is there. @param {number} lines */
export function loading(lines) {
  return html`<div class="loading" role="status" aria-label="Loading">${Array.from({length: lines}, () => html`<span></span>`)}</div>`;
}

/** @param {string} text */
async function copy(text, /** @type {Event} */ event) {
  const button = /** @type {HTMLElement} */ (event.currentTarget);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Select it';
  }
  setTimeout(() => (button.textContent = 'Copy'), 1_500);
}

/** What does the same outside of the browser. @param {string[]} lines */
export function commandLines(lines) {
  return html`
    <section class="panel lines" aria-label="The same on the command line">
      <h2>On the command line</h2>
      ${lines.map((line) => html`
        <div class="line">
          <code tabindex="0">${line}</code>
          <button class="button quiet" type="button" aria-label="Copy ${line}" @click=${(/** @type {Event} */ event) => copy(line, event)}>Copy</button>
        </div>`)}
    </section>`;
}

const SIGNS = {same: '', changed: '~', added: '+', removed: '−'};
const SAID = {same: '', changed: 'changed', added: 'added', removed: 'removed'};

/** Children that are not changed, beyond this many in a row, are one line until they are asked for. */
const MOST_UNCHANGED = 12;
const SHOWN_AT_ENDS = 3;

/** A JSON tree of {@link import('./diff.js').diff}, with what has changed marked by sign, colour and the value before. */
class Tree extends Part {
  static properties = {
    node: {attribute: false},
    onlyChanges: {type: Boolean},
  };

  constructor() {
    super();
    /** @type {import('./diff.js').Node | null} */
    this.node = null;
    this.onlyChanges = false;
    /** @type {Set<string>} */
    this.opened = new Set();
  }

  render() {
    const root = this.node;
    if (root === null) {
      return nothing;
    }
    if (root.children === undefined) {
      return html`<div class="tree"><span class="value">${scalar(root.value)}</span></div>`;
    }
    if (root.children.length === 0) {
      return html`<p class="small muted">No fields.</p>`;
    }
    const rows = this.rows(root, '', 0);
    return html`<div class="tree">${rows.length === 0
      ? html`<p class="small muted">Nothing has changed.</p>`
      : rows}</div>`;
  }

  /** @param {import('./diff.js').Node} parent @param {string} path @param {number} depth @returns {unknown[]} */
  rows(parent, path, depth) {
    const children = (parent.children ?? []).filter((child) => !this.onlyChanges || child.change !== 'same');
    const rows = [];
    for (let i = 0; i < children.length; i++) {
      const unchanged = this.opened.has(path) ? 0 : unchangedFrom(children, i);
      if (unchanged > MOST_UNCHANGED && i >= SHOWN_AT_ENDS) {
        const left = unchanged - SHOWN_AT_ENDS;
        rows.push(html`
          <div class="row more" data-depth=${Math.min(depth, 8)}>
            <span><button class="link" type="button" @click=${() => this.open(path)}>${left} more that are as before</button></span>
          </div>`);
        i += left - 1;
        continue;
      }
      rows.push(...this.node_(children[i], parent.kind, `${path}/${children[i].key}`, depth));
    }
    return rows;
  }

  /** @param {import('./diff.js').Node} node @param {string} parentKind @param {string} path @param {number} depth @returns {unknown[]} */
  node_(node, parentKind, path, depth) {
    const nested = node.children !== undefined && node.children.length > 0;
    const key = parentKind === 'array' ? html`<span class="index">${Number(node.key) + 1}</span>` : node.key;
    const line = html`
      <div class="row ${node.change}" data-depth=${Math.min(depth, 8)} ?data-nested=${nested}>
        <span class="sign">${nested && node.change === 'changed' ? nothing : html`<span aria-hidden="true">${SIGNS[node.change]}</span><span class="unseen">${SAID[node.change]}</span>`}</span>
        <span class="key">${key}</span>
        <span class="value">${nested ? html`<span class="muted">${sizeOf(node)}</span>` : valueOf(node)}</span>
      </div>`;
    if (!nested) {
      return [line];
    }
    const columns = columnsOf(node);
    return columns === null ? [line, ...this.rows(node, path, depth + 1)] : [line, this.table(node, columns, path, depth)];
  }

  /** Elements that are all plain and alike read best as a table. @param {import('./diff.js').Node} node @param {string[]} columns @param {string} path @param {number} depth */
  table(node, columns, path, depth) {
    const rows = this.onlyChanges ? (node.children ?? []).filter((each) => each.change !== 'same') : (node.children ?? []);
    const all = this.opened.has(path) || rows.length <= MOST_UNCHANGED;
    const shown = all ? rows : rows.filter((each, i) => each.change !== 'same' || i < SHOWN_AT_ENDS);
    if (shown.length === 0) {
      return nothing;
    }
    const numeric = new Set(columns.filter((name) => rows.every((row) => isNumeric(row.children?.find((child) => child.key === name)?.value))));
    return html`
      <div class="mini-box" data-depth=${Math.min(depth, 1)} tabindex="0" role="group" aria-label=${node.key}><table class="mini">
        <thead><tr><th class="sign"><span class="unseen">change</span></th>${columns.map((name) => html`<th scope="col" class=${numeric.has(name) ? 'number' : ''}>${name}</th>`)}</tr></thead>
        <tbody>${shown.map((row) => html`
          <tr class=${row.change}>
            <td class="sign"><span aria-hidden="true">${SIGNS[row.change]}</span><span class="unseen">${SAID[row.change]}</span></td>
            ${columns.map((name) => {
              const cell = row.children?.find((child) => child.key === name);
              return html`<td class="${row.change === 'changed' ? (cell?.change ?? '') : ''} ${numeric.has(name) ? 'number' : ''}">${cell === undefined ? nothing : valueOf(cell)}</td>`;
            })}
          </tr>`)}</tbody>
      </table>
      ${all ? nothing : html`<button class="link small" type="button" @click=${() => this.open(path)}>${rows.length - shown.length} more that are as before</button>`}</div>`;
  }

  /** @param {string} path */
  open(path) {
    this.opened.add(path);
    this.requestUpdate();
  }
}

const MOST_COLUMNS = 8;

/** The members that all elements of an array have, where these are plain; null where a table would hide something. @param {import('./diff.js').Node} node */
function columnsOf(node) {
  const rows = node.children ?? [];
  if (node.kind !== 'array' || rows.length === 0 || rows.some((row) => row.kind !== 'object' || (row.children?.length ?? 0) === 0)) {
    return null;
  }
  const names = [...new Set(rows.flatMap((row) => (row.children ?? []).map((child) => child.key)))];
  const plain = rows.every((row) => (row.children ?? []).every((child) => child.kind === 'scalar'));
  return plain && names.length <= MOST_COLUMNS ? names : null;
}

/** @param {import('./diff.js').Node[]} children @param {number} from */
function unchangedFrom(children, from) {
  let count = 0;
  while (from + count < children.length && children[from + count].change === 'same') {
    count++;
  }
  return count;
}

/** @param {import('./diff.js').Node} node */
function sizeOf(node) {
  const size = (node.children ?? []).filter((child) => child.change !== 'removed').length;
  return node.kind === 'array' ? `${size} ${size === 1 ? 'element' : 'elements'}` : '';
}

/** @param {import('./diff.js').Node} node */
function valueOf(node) {
  if (node.kind !== 'scalar') {
    return html`<span class="muted">${node.kind === 'array' ? '[ ]' : '{ }'}</span>`;
  }
  const now = literal(node.value);
  if (node.change === 'removed') {
    return html`<del>${now}</del>`;
  }
  return node.change === 'changed' && 'before' in node
    ? html`<ins>${now}</ins> <span class="was"><span class="unseen">before: </span><del>${literal(node.before)}</del></span>`
    : now;
}

/** @param {any} value */
function literal(value) {
  return value === null ? html`<span class="muted">null</span>` : scalar(value);
}

/** Asks for a token where a service does. */
class Token extends Part {
  static properties = {asked: {state: true}};

  constructor() {
    super();
    this.asked = false;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('annals-unauthenticated', () => (this.asked = true));
  }

  render() {
    if (!this.asked) {
      return nothing;
    }
    return html`
      <form class="token" @submit=${this.keep}>
        <label for="token">${token() === '' ? 'This installation asks who you are. A token (JWT) of its OpenID provider:' : 'The token does not count any more. Another one:'}</label>
        <input id="token" name="token" type="password" autocomplete="off" spellcheck="false" required>
        <button class="button primary" type="submit">Use it</button>
        <span class="small">It is kept in this tab alone, until it is closed.</span>
      </form>`;
  }

  /** @param {SubmitEvent} event */
  keep(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.currentTarget);
    setToken(String(new FormData(form).get('token')).trim().replace(/^Bearer\s+/i, ''));
    this.asked = false;
  }
}

customElements.define('an-tree', Tree);
customElements.define('an-token', Token);
