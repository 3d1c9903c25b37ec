/**
 * Of random pairs of states: what the diff does not call removed is the one after, what it does not call added the one
 * before, and there are changes exactly where they are not equal. Returns the first pair of which that is not so.
 */
async (seed) => {
  const {diff, countChanges} = await import('/assets/js/diff.js');
  let last = seed;
  const random = (n) => (last = (last * 1103515245 + 12345) & 0x7fffffff) % n;
  const list = (most, make) => Array.from({length: random(most)}, make);
  const scalar = () => [null, true, 'a', 'b', 1, 2, '1.50'][random(7)];
  const fields = () => Object.fromEntries(list(5, () => [`k${random(6)}`, scalar()]));
  const lines = () => {
    const all = list(7, () => ({sku: `S${random(12)}`, quantity: random(3), note: scalar()}));
    return random(3) === 0 ? all : [...new Map(all.map((line) => [line.sku, line])).values()];
  };
  const state = () => ({...fields(), lines: lines(), words: list(5, () => `x${random(3)}`), map: fields(), nested: {deep: {a: scalar(), b: list(4, () => random(3))}}});
  const side = (node, before) => {
    if (node.kind === 'scalar') {
      return before && node.change === 'changed' ? node.before : node.value;
    }
    const kept = node.children.filter((child) => child.change !== (before ? 'added' : 'removed'));
    return node.kind === 'array' ? kept.map((child) => side(child, before)) : Object.fromEntries(kept.map((child) => [child.key, side(child, before)]));
  };
  const sorted = (value) => Array.isArray(value)
    ? value.map(sorted)
    : value !== null && typeof value === 'object' ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
  const equal = (a, b) => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
  for (let i = 0; i < 5_000; i++) {
    const [before, after] = [state(), state()];
    const tree = diff(before, after);
    if (!equal(side(tree, false), after) || !equal(side(tree, true), before) || (countChanges(tree) === 0) !== equal(before, after) || countChanges(diff(after, after)) !== 0) {
      return JSON.stringify({before, after});
    }
  }
  return 'none';
}
