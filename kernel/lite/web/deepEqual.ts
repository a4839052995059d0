/** Are two values deeply and strictly equal, as `isDeepStrictEqual` of node:util sees it? */
export function isDeepEqual(one: unknown, other: unknown): boolean {
  return equal(one, other, new Map());
}

function equal(one: unknown, other: unknown, compared: Map<object, object>): boolean {
  if (Object.is(one, other)) {
    return true;
  }
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) {
    return false;
  }
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) {
    return false;
  }
  if (compared.get(one) === other) {
    return true;
  }
  compared.set(one, other);
  if (
    one instanceof Date ||
    one instanceof Number ||
    one instanceof String ||
    one instanceof Boolean
  ) {
    if (!Object.is(one.valueOf(), (other as Date).valueOf())) {
      return false;
    }
  }
  if (one instanceof RegExp && String(one) !== String(other)) {
    return false;
  }
  if (one instanceof Error && one.message !== (other as Error).message) {
    return false;
  }
  if (one instanceof Map || one instanceof Set) {
    return sameMembers(one, other as typeof one, compared);
  }
  const [keys, others] = [ownKeys(one), ownKeys(other)];
  return (
    keys.length === others.length &&
    keys.every((key) => Object.hasOwn(other, key) && equal(at(one, key), at(other, key), compared))
  );
}

const at = (holder: object, key: PropertyKey) => (holder as Record<PropertyKey, unknown>)[key];

function ownKeys(value: object): PropertyKey[] {
  const symbols = Object.getOwnPropertySymbols(value).filter((symbol) =>
    Object.prototype.propertyIsEnumerable.call(value, symbol),
  );
  return [...Object.keys(value), ...symbols];
}

/** Members may come in any order; each has a partner of its own. */
function sameMembers(
  one: Map<unknown, unknown> | Set<unknown>,
  other: typeof one,
  compared: Map<object, object>,
): boolean {
  const rest = [...other];
  return (
    one.size === other.size &&
    [...one].every((member) => {
      const partner = rest.findIndex((each) => equal(member, each, new Map(compared)));
      return partner >= 0 && rest.splice(partner, 1).length === 1;
    })
  );
}
