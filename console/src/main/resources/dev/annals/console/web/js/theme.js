// Before the first paint, so that no other theme flashes up: a classic script, which blocks.
try {
  const theme = localStorage.getItem('annals.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage is forbidden here: the system's theme.
}
