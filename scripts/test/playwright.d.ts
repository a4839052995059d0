/** The packages that Playwright brings along, as far as they are used here. */
declare module "playwright-core/lib/utilsBundle" {
  export const ws: { prototype: { send(data: string, ...rest: unknown[]): void } };
}
