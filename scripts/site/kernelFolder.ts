/** Where a site has the kernel's worker and what it loads, from the site's first page. */
export const KERNEL_FOLDER = "extensions/karenina-jupyterlite/static/kernel/";
