/**
 * Client-side routing: the address is the state. Whatever a screen shows follows from its path and query, so that a
 * copied address shows the same.
 */

/** @typedef {{path: string, query: URLSearchParams}} Place */

const listeners = new Set();

/** @returns {Place} */
export function place() {
  return {path: location.pathname, query: new URLSearchParams(location.search)};
}

/**
 * Goes somewhere.
 *
 * @param {string} address path and query
 * @param {{replace?: boolean}} [how] replace: without an entry in the history, for steps of one movement
 */
export function go(address, {replace = false} = {}) {
  if (address === location.pathname + location.search) {
    return;
  }
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  tell();
}

/** @param {() => void} listener is called when the address has changed */
export function onPlace(listener) {
  listeners.add(listener);
}

function tell() {
  listeners.forEach((listener) => listener());
}

/** @param {string[]} parts @returns {string} a path of these parts, each with its escapes */
export function pathOf(...parts) {
  return '/' + parts.map(escapePart).join('/');
}

/** Ids may have what needs no escape in a path: it reads better so. @param {string} part */
export function escapePart(part) {
  return encodeURIComponent(part).replaceAll('%3A', ':');
}

/** @param {Record<string, string | number | null | undefined>} parameters those without a value are left out */
export function queryOf(parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text === '' ? '' : '?' + text;
}

window.addEventListener('popstate', tell);

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (
    !(link instanceof HTMLAnchorElement) ||
    event.defaultPrevented || event.button !== 0 ||
    event.metaKey || event.ctrlKey || event.shiftKey || event.altKey ||
    link.target !== '' || link.hasAttribute('download') ||
    link.origin !== location.origin || link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')
  ) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
});
