/**
 * An element of the page by its id.
 * @param type the class that it must be of. Default: any
 */
export function element<T extends HTMLElement = HTMLElement>(id: string, type?: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof (type ?? HTMLElement))) {
    throw new Error(`The page has no ${type?.name ?? "element"} "${id}".`);
  }
  return found as T;
}
