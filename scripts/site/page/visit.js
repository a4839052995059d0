// The first script of JupyterLite's pages: what a visit brings about.

// The first visit comes before the service worker, which lets later ones share memory with a kernel.
const worker = navigator.serviceWorker;
if (!self.crossOriginIsolated && worker && !sessionStorage.kareninaIsolated) {
  worker.ready.then(() => {
    sessionStorage.kareninaIsolated = "1";
    location.reload();
  });
} else if (worker && !navigator.connection?.saveData) {
  // The site is copied for visits without a network, when the notebook has what it needs.
  worker.addEventListener("message", ({ data }) => {
    if (data === "karenina: the site is kept") {
      document.documentElement.dataset.kareninaKept = "yes";
    }
  });
  addEventListener("load", () => {
    setTimeout(async () => {
      (await worker.ready).active.postMessage("karenina: keep the site");
    }, 8000);
  });
}
