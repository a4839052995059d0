/** What `import * as x` gives, one object for each module however often it is imported. */
export class StarViews {
  private readonly views = new WeakMap<object, object>();

  of(module: unknown): unknown {
    if (typeof module !== "object" && typeof module !== "function") {
      return { default: module };
    }
    if (module === null || (module as { __esModule?: boolean }).__esModule) {
      return module;
    }
    let view = this.views.get(module);
    if (!view) {
      view = live({ default: module }, module, (key) => key !== "default");
      this.views.set(module, view);
    }
    return view;
  }
}

/** An ES module's namespace in the shape that code emitted as CommonJS expects. */
export function commonJsOf(namespace: object): object {
  return live(Object.defineProperty({}, "__esModule", { value: true }), namespace);
}

/** Adds a module's exports to an object, so that they are always the present ones. */
export function live(view: object, module: object, wanted = (_key: string) => true): object {
  for (const key of Object.keys(module).filter(wanted)) {
    Object.defineProperty(view, key, {
      enumerable: true,
      get: () => (module as Record<string, unknown>)[key],
    });
  }
  return view;
}
