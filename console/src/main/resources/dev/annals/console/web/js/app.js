/** The shell: routes, the bar, and the dialogs. Screens are fetched when they are first shown. */

import {html, nothing} from '/assets/vendor/lit.js';
import {about, ask, catalogue} from './api.js';
import './confirm.js';
import {setZone, zone} from './format.js';
import {go, onPlace, pathOf, place} from './navigation.js';
import {Part} from './parts.js';

/**
 * @typedef {object} Screen
 * @property {RegExp} path
 * @property {string} element
 * @property {() => Promise<unknown>} code
 * @property {(groups: Record<string, string>) => Record<string, string | boolean>} properties
 * @property {(groups: Record<string, string>) => [string, string | null][]} crumbs text and address; the last is where one is
 */

/** @type {Screen[]} */
const SCREENS = [
  {
    path: /^\/$/,
    element: 'an-start',
    code: () => import('./screens/start.js'),
    properties: () => ({}),
    crumbs: () => [],
  },
  {
    path: /^\/t\/(?<type>[^/]+)$/,
    element: 'an-type',
    code: () => import('./screens/type.js'),
    properties: ({type}) => ({type}),
    crumbs: ({type}) => [[type, null]],
  },
  {
    path: /^\/views\/(?<view>[^/]+)\/rows$/,
    element: 'an-type',
    code: () => import('./screens/type.js'),
    properties: ({view}) => ({type: view, isView: true}),
    crumbs: ({view}) => [['views', '/views'], [view, pathOf('views', view)], ['rows', null]],
  },
  {
    path: /^\/t\/(?<type>[^/]+)\/(?<id>[^/]+)$/,
    element: 'an-aggregate',
    code: () => import('./screens/aggregate.js'),
    properties: ({type, id}) => ({type, aggregate: id}),
    crumbs: ({type, id}) => [[type, pathOf('t', type)], [id, null]],
  },
  {
    path: /^\/t\/(?<type>[^/]+)\/(?<id>[^/]+)\/send\/(?<command>[^/]+)$/,
    element: 'an-send',
    code: () => import('./screens/send.js'),
    properties: ({type, id, command}) => ({type, aggregate: id, command}),
    crumbs: ({type, id, command}) => [[type, pathOf('t', type)], [id, pathOf('t', type, id)], [command, null]],
  },
  {
    path: /^\/views$/,
    element: 'an-views',
    code: () => import('./screens/views.js'),
    properties: () => ({}),
    crumbs: () => [['views', null]],
  },
  {
    path: /^\/views\/(?<view>[^/]+)$/,
    element: 'an-view',
    code: () => import('./screens/view.js'),
    properties: ({view}) => ({view}),
    crumbs: ({view}) => [['views', '/views'], [view, null]],
  },
  {
    path: /^\/dead-letters\/(?<type>[^/]+)$/,
    element: 'an-letters',
    code: () => import('./screens/letters.js'),
    properties: ({type}) => ({type}),
    crumbs: ({type}) => [[type, pathOf('t', type)], ['dead letters', null]],
  },
  {
    path: /^\/processes\/(?<process>[^/]+)$/,
    element: 'an-process',
    code: () => import('./screens/processes.js'),
    properties: ({process}) => ({process}),
    crumbs: ({process}) => [[process, null]],
  },
  {
    path: /^\/processes\/(?<process>[^/]+)\/(?<id>[^/]+)$/,
    element: 'an-instance',
    code: () => import('./screens/instance.js'),
    properties: ({process, id}) => ({process, instance: id}),
    crumbs: ({process, id}) => [[process, pathOf('processes', process)], [id, null]],
  },
  {
    path: /^\/commands\/(?<command>[^/]+)$/,
    element: 'an-result',
    code: () => import('./screens/result.js'),
    properties: ({command}) => ({command}),
    crumbs: ({command}) => [['commands', null], [command, null]],
  },
  {
    path: /^\/settings$/,
    element: 'an-settings',
    code: () => import('./screens/settings.js'),
    properties: () => ({}),
    crumbs: () => [['settings', null]],
  },
  {
    path: /^\/map$/,
    element: 'an-map',
    code: () => import('./screens/map.js'),
    properties: () => ({}),
    crumbs: () => [['map', null]],
  },
];

const outlet = /** @type {HTMLElement} */ (document.getElementById('screen'));
const crumbs = /** @type {HTMLElement} */ (document.getElementById('crumbs'));
let shownPath = '';

async function show() {
  const {path, query} = place();
  for (const screen of SCREENS) {
    const match = screen.path.exec(path);
    if (match !== null) {
      await open(screen, match.groups ?? {}, path, query);
      return;
    }
  }
  crumbs.replaceChildren();
  shownPath = path;
  outlet.innerHTML = '<div class="empty"><h1 tabindex="-1">There is no such screen</h1><p><a href="/">Start page</a></p></div>';
}

/** @param {Screen} screen @param {Record<string, string>} groups @param {string} path @param {URLSearchParams} query */
async function open(screen, groups, path, query) {
  const shown = outlet.firstElementChild;
  if (path === shownPath && shown?.localName === screen.element) {
    Object.assign(shown, {query}); // at once: the next key goes by it
    return;
  }
  await screen.code();
  if (place().path !== path) {
    return; // gone on meanwhile
  }
  const values = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  const element = Object.assign(document.createElement(screen.element), screen.properties(values), {query: place().query});
  outlet.replaceChildren(element);
  showCrumbs(screen.crumbs(values));
  if (shownPath !== '') {
    scrollTo(0, 0);
    outlet.focus({preventScroll: true}); // where a reader of the screen goes on
  }
  shownPath = path;
}

/** @param {[string, string | null][]} parts */
function showCrumbs(parts) {
  crumbs.replaceChildren(...parts.map(([text, address]) => {
    const crumb = document.createElement(address === null ? 'span' : 'a');
    crumb.textContent = text;
    if (address === null) {
      crumb.setAttribute('aria-current', 'page');
    } else {
      crumb.setAttribute('href', address);
    }
    return crumb;
  }));
  document.title = parts.length === 0 ? 'Annals' : `${parts.map(([text]) => text).join(' / ')} – Annals`;
}

/** Light, dark, or as the system has it; remembered. */
const THEMES = ['auto', 'light', 'dark'];

function setUpBar() {
  const theme = /** @type {HTMLElement} */ (document.getElementById('theme'));
  const shown = () => document.documentElement.dataset.theme ?? 'auto';
  const name = () => {
    theme.textContent = {auto: 'Auto', light: 'Light', dark: 'Dark'}[shown()] ?? 'Auto';
    theme.setAttribute('aria-label', `Colours: ${theme.textContent}`);
  };
  theme.addEventListener('click', () => {
    const next = THEMES[(THEMES.indexOf(shown()) + 1) % THEMES.length];
    if (next === 'auto') {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = next;
    }
    try {
      localStorage.setItem('annals.theme', next);
    } catch {
      // For this page alone, then.
    }
    name();
  });
  name();

  const times = /** @type {HTMLElement} */ (document.getElementById('zone'));
  const nameZone = () => {
    times.textContent = zone() === 'utc' ? 'UTC' : 'Local';
    times.setAttribute('aria-label', `Times: ${times.textContent}`);
  };
  times.addEventListener('click', () => {
    setZone(zone() === 'utc' ? 'local' : 'utc');
    nameZone();
  });
  nameZone();

  document.getElementById('go')?.addEventListener('click', () => dialog('an-go'));
  document.getElementById('help')?.addEventListener('click', () => dialog('an-keys'));
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    const key = document.querySelector('#go kbd');
    if (key !== null) {
      key.textContent = '⌘K';
    }
  }
  about().then(({readOnly, production}) => {
    document.getElementById('read-only')?.toggleAttribute('hidden', !readOnly);
    const banner = document.getElementById('production');
    if (banner !== null && production !== '') {
      banner.textContent = `Production: ${production}`;
      banner.hidden = false;
    }
  }, () => {});
}

/** @param {string} name */
function dialog(name) {
  /** @type {Element & {open: () => void}} */ (document.querySelector(name)).open();
}

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    dialog('an-go');
  } else if (event.key === '?' && !isText(event.target)) {
    event.preventDefault();
    dialog('an-keys');
  }
});

/** @param {EventTarget | null} target */
function isText(target) {
  return (target instanceof HTMLInputElement && target.type !== 'range' && target.type !== 'checkbox') ||
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const KEYS = [
  ['Ctrl K, ⌘K', 'Go to an id, a type, a view, a screen'],
  ['?', 'These keys'],
  ['← →', 'One version back, on'],
  ['Home, End', 'The first version, the latest'],
  ['Space', 'Play, pause'],
  ['d', 'Only what has changed'],
  ['↑ ↓, Page', 'In the list of events: newer, older; ten at once'],
  ['Esc', 'Close'],
];

class Keys extends Part {
  open() {
    /** @type {HTMLDialogElement} */ (this.querySelector('dialog')).showModal();
  }

  render() {
    return html`
      <dialog aria-labelledby="keys-title">
        <form method="dialog" class="panel-head"><h2 id="keys-title">Keys</h2><button class="button quiet" aria-label="Close">✕</button></form>
        <dl class="keys">${KEYS.map(([keys, meaning]) => html`<div><dt>${keys.split(', ').map((key, i) => html`${i > 0 ? ' ' : nothing}<kbd>${key}</kbd>`)}</dt><dd>${meaning}</dd></div>`)}</dl>
      </dialog>`;
  }
}

/** @typedef {{text: string, kind: string, address: string}} Goal */

const LOOK_MILLIS = 150;

/** @type {Goal[]} */
const SCREENS_BY_NAME = [['Start page', '/'], ['Views', '/views'], ['Map', '/map'], ['Settings', '/settings']].map(([text, address]) => ({text, kind: 'screen', address}));

/** Goes to what is typed: types and views by a part of their names, aggregates by their whole ids. */
class Go extends Part {
  static properties = {text: {state: true}, found: {state: true}, types: {state: true}, more: {state: true}, at: {state: true}, looking: {state: true}};

  constructor() {
    super();
    this.text = '';
    /** @type {Goal[]} */
    this.found = [];
    /** @type {string[]} */
    this.types = [];
    /** Screens that the installed domains bring. @type {Goal[]} */
    this.more = [];
    this.at = 0;
    this.looking = false;
    /** Whether Enter was pressed before anything was found. */
    this.entered = false;
    this.asking = new AbortController();
  }

  open() {
    this.text = '';
    this.found = [];
    this.at = 0;
    this.looking = false;
    catalogue().then(({types, views, processes}) => {
      this.types = types;
      this.more = [
        ...views.map(({name}) => ({text: `views / ${name}`, kind: 'view', address: pathOf('views', name)})),
        ...processes.map((name) => ({text: `processes / ${name}`, kind: 'process', address: pathOf('processes', name)})),
        ...types.map((name) => ({text: `dead letters / ${name}`, kind: 'dead letters', address: pathOf('dead-letters', name)})),
      ];
    }, () => {});
    /** @type {HTMLDialogElement} */ (this.querySelector('dialog')).showModal();
    /** @type {HTMLInputElement} */ (this.querySelector('input')).value = '';
  }

  /** @returns {Goal[]} */
  get goals() {
    const words = this.text.trim().toLowerCase();
    const types = this.types
      .filter((type) => type.includes(words))
      .map((type) => ({text: type, kind: 'type', address: pathOf('t', type)}));
    const screens = [...SCREENS_BY_NAME, ...(words === '' ? [] : this.more)].filter(({text}) => text.toLowerCase().includes(words));
    const command = /^[A-Za-z0-9._:~/-]{8,200}$/.test(this.text.trim()) ? [{text: `commands / ${this.text.trim()}`, kind: 'result of a command', address: pathOf('commands', this.text.trim())}] : [];
    return [...this.found, ...types, ...screens, ...(this.looking || this.found.length + types.length + screens.length > 0 ? [] : command)];
  }

  /** @param {Event} event */
  typed(event) {
    this.text = /** @type {HTMLInputElement} */ (event.target).value;
    this.at = 0;
    this.found = [];
    this.asking.abort();
    this.asking = new AbortController();
    clearTimeout(this.timer);
    const {signal} = this.asking;
    this.entered = false;
    const text = this.text.trim();
    const slash = text.indexOf('/');
    const [wanted, id] = slash > 0 ? [text.slice(0, slash), text.slice(slash + 1)] : [null, text];
    this.looking = /^[A-Za-z0-9._:~-]{1,200}$/.test(id);
    if (this.looking) {
      this.timer = setTimeout(() => this.look(wanted, id, signal), LOOK_MILLIS);
    }
  }

  /** Ids are of no type: each is asked. @param {string | null} wanted type @param {string} id @param {AbortSignal} signal */
  async look(wanted, id, signal) {
    await Promise.all(this.types.filter((type) => wanted === null || type === wanted).map(async (type) => {
      try {
        const row = await ask(`/api/query${pathOf('v1', type, id)}`, {signal});
        if (!signal.aborted) {
          this.found = [...this.found, {text: `${type} / ${id}`, kind: `version ${row.version}`, address: pathOf('t', type, id)}];
        }
      } catch {
        // It has none of this id, or can't tell now.
      }
    }));
    if (!signal.aborted) {
      this.looking = false;
      if (this.entered && this.goals.length > 0) {
        this.choose(this.goals[0]);
      }
    }
  }

  /** @param {KeyboardEvent} event */
  keys(event) {
    const goals = this.goals;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : goals.length - 1;
      this.at = goals.length === 0 ? 0 : (this.at + step) % goals.length;
    } else if (event.key === 'Enter' && goals[this.at] !== undefined) {
      event.preventDefault();
      this.choose(goals[this.at]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.entered = this.looking;
    }
  }

  /** @param {Goal} goal */
  choose(goal) {
    /** @type {HTMLDialogElement} */ (this.querySelector('dialog')).close();
    go(goal.address);
  }

  render() {
    const goals = this.goals;
    const none = this.text.trim() === '' ? 'Type an id, a type, a view or a screen.' : this.looking ? 'Looking…' : 'Nothing of that name or id.';
    return html`
      <dialog class="go" aria-label="Go to" @close=${() => (this.entered = false)}>
        <input type="text" role="combobox" aria-label="Id, type, view or screen" aria-expanded="true" aria-controls="goals" aria-autocomplete="list"
          aria-activedescendant=${goals.length === 0 ? nothing : `goal-${this.at}`} placeholder="Id, type, view or screen" autocomplete="off" spellcheck="false" @input=${this.typed} @keydown=${this.keys}>
        <ul id="goals" role="listbox" aria-label="Found">${goals.map((goal, i) => html`
          <li id="goal-${i}" role="option" aria-selected=${i === this.at} @click=${() => this.choose(goal)}><span>${goal.text}</span><span class="muted">${goal.kind}</span></li>`)}</ul>
        ${goals.length === 0 ? html`<p class="small muted" role="status">${none}</p>` : nothing}
      </dialog>`;
  }
}

customElements.define('an-keys', Keys);
customElements.define('an-go', Go);

setUpBar();
onPlace(() => show());
show();
