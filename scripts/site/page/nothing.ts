// Stands for packages that nothing in the page uses.
export {};
