// Runs before the first paint, so that no wrong theme flashes. External because the content policy allows no
// inline script.
(function () {
  try {
    var theme = localStorage.getItem('hongyan.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    var locale = localStorage.getItem('hongyan.locale');
    if (locale) document.documentElement.lang = locale;
  } catch {
    // Blocked storage: the system's theme.
  }
})();
