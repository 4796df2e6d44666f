// Shows what came of an order as soon as it is there: the page is asked again until it no longer waits.
"use strict";
(function watch() {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok && !(await answer.text()).includes("data-busy")) {
        location.reload();
        return;
      }
    } catch {
      // The network is away: it is asked again.
    }
    watch();
  }, 3000);
})();
