/**
 * A diff on JSON trees: two states become one tree whose nodes say what happened to them. Elements of arrays are
 * matched by a longest common subsequence, of objects by the member that tells them apart, so that a line that is put
 * in between does not make all lines behind it look changed.
 */

/** @typedef {'same' | 'changed' | 'added' | 'removed'} Change */

/**
 * @typedef {object} Node
 * @property {string} key
 * @property {Change} change of an object or array: changed where something in it is
 * @property {'scalar' | 'object' | 'array'} kind
 * @property {any} [value] of a scalar, as it is now; as it was, where it is removed
 * @property {any} [before] of a changed scalar
 * @property {Node[]} [children]
 */

/** Beyond, elements are matched by their place: the table of a subsequence would be too large. */
const MOST_MATCHED = 400;

const ABSENT = Symbol('absent');

/**
 * @param {any} before undefined where there is nothing to compare with: nothing is marked then
 * @param {any} after
 * @returns {Node}
 */
export function diff(before, after) {
  return before === undefined ? whole('', after, 'same') : compare('', before, after);
}

/** @param {Node} node @returns {number} of scalars that are not the same */
export function countChanges(node) {
  if (node.children === undefined || node.children.length === 0) {
    return node.change === 'same' ? 0 : 1;
  }
  return node.children.reduce((sum, child) => sum + countChanges(child), 0);
}

/** @param {any} value @returns {'scalar' | 'object' | 'array'} */
function kindOf(value) {
  return Array.isArray(value) ? 'array' : value !== null && typeof value === 'object' ? 'object' : 'scalar';
}

/** @param {string} key @param {any} value @param {Change} change @returns {Node} */
function whole(key, value, change) {
  const kind = kindOf(value);
  if (kind === 'scalar') {
    return {key, change, kind, value};
  }
  const entries = kind === 'array' ? value.map((/** @type {any} */ each, /** @type {number} */ i) => [String(i), each]) : Object.entries(value);
  return {key, change, kind, children: entries.map((/** @type {[string, any]} */ [name, each]) => whole(name, each, change))};
}

/** @param {string} key @param {any} before @param {any} after @returns {Node} */
function compare(key, before, after) {
  if (after === ABSENT) {
    return whole(key, before, 'removed');
  }
  if (before === ABSENT) {
    return whole(key, after, 'added');
  }
  const kind = kindOf(after);
  if (kind !== kindOf(before)) {
    return before === null
      ? whole(key, after, 'added')
      : kind === 'scalar' && after === null
        ? whole(key, before, 'removed')
        : whole(key, after, 'changed');
  }
  if (kind === 'scalar') {
    return Object.is(before, after)
      ? {key, change: 'same', kind, value: after}
      : {key, change: 'changed', kind, value: after, before};
  }
  const children = kind === 'array' ? elements(before, after) : members(before, after);
  const change = children.every((child) => child.change === 'same') ? 'same' : 'changed';
  return {key, change, kind, children};
}

/** @param {Record<string, any>} before @param {Record<string, any>} after @returns {Node[]} */
function members(before, after) {
  const names = [...Object.keys(after), ...Object.keys(before).filter((name) => !Object.hasOwn(after, name))];
  return names.map((name) =>
    compare(name, Object.hasOwn(before, name) ? before[name] : ABSENT, Object.hasOwn(after, name) ? after[name] : ABSENT));
}

/** @param {any[]} before @param {any[]} after @returns {Node[]} */
function elements(before, after) {
  const nameOf = identity(before, after);
  const names = before.map(nameOf);
  const otherNames = after.map(nameOf);
  /** @type {Node[]} */
  const nodes = [];
  for (const [i, j] of matched(names, otherNames)) {
    nodes.push(compare(String(j ?? i), i === null ? ABSENT : before[i], j === null ? ABSENT : after[j]));
  }
  return nodes;
}

/**
 * What tells elements apart: a member that every one has, as text or number, each with another value; else the whole.
 *
 * @param {any[]} before @param {any[]} after @returns {(element: any) => string}
 */
function identity(before, after) {
  const all = [...before, ...after];
  if (all.length > 0 && all.every((each) => kindOf(each) === 'object')) {
    for (const name of Object.keys(all[0])) {
      const isOne = [before, after].every((list) => {
        const values = list.map((each) => each[name]);
        return values.every((value) => typeof value === 'string' || typeof value === 'number') &&
          new Set(values).size === values.length;
      });
      if (isOne) {
        return (element) => String(element[name]);
      }
    }
  }
  return (element) => JSON.stringify(element);
}

/**
 * Pairs of places; null where one side has nothing.
 *
 * @param {string[]} a @param {string[]} b @returns {[number | null, number | null][]}
 */
function matched(a, b) {
  if (a.length > MOST_MATCHED || b.length > MOST_MATCHED) {
    return Array.from({length: Math.max(a.length, b.length)}, (_, i) => [i < a.length ? i : null, i < b.length ? i : null]);
  }
  const table = Array.from({length: a.length + 1}, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  /** @type {[number | null, number | null][]} */
  const pairs = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pairs.push([i++, j++]);
    } else if (j >= b.length || (i < a.length && table[i + 1][j] >= table[i][j + 1])) {
      pairs.push([i++, null]);
    } else {
      pairs.push([null, j++]);
    }
  }
  return pairs;
}
