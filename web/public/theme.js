// Runs before the first paint, so that a dark screen never flashes white. An own file, because the content security
// policy allows no inline script. `src/theme.ts` writes the key.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('top-active:theme');
  } catch {
    choice = null;
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
