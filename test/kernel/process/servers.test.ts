import assert from "node:assert/strict";
import { test } from "node:test";
import { errorOf, result, start } from "./kernels";

const kernel = start();
const run = async (code: string, cellId?: string) => (await kernel).execute(code, { cellId });

test("a cell with a server that is run again has its port again", async () => {
  const free = "const { port } = server.address() as import('node:net').AddressInfo; port";
  await run(
    'import http from "node:http"; import net from "node:net"; import { once } from "node:events";',
  );
  // In connections of their own, which no closed server has a part in.
  await run(
    "const ask = async (port: number) => {\n" +
      "  const [response] = await once(http.get({ port, host: '127.0.0.1', agent: false }), 'response');\n" +
      "  return (await response.toArray()).join('');\n};",
  );
  const first = await run(
    "var server = http.createServer((_, response) => response.end('first')).listen(0, '127.0.0.1');\n" +
      `await once(server, "listening"); ${free}`,
    "a",
  );
  const port = Number(result(first));
  // A connection that is kept open keeps nothing closed.
  await run(
    `const agent = new http.Agent({ keepAlive: true });\n` +
      `await once(http.get({ port: ${port}, agent }), "response")`,
  );
  const serve = (text: string) =>
    `var server = http.createServer((_, response) => response.end('${text}'));\n` +
    `server.listen(${port}, '127.0.0.1'); await once(server, "listening");\n` +
    `await ask(${port})`;
  assert.equal(result(await run(serve("second"), "a")), "'second'");
  assert.equal(result(await run(serve("third"), "a")), "'third'");
  assert.equal(
    errorOf(await run(serve("other"), "b")).ename,
    "Error",
    "another cell's port is taken",
  );
  assert.match(errorOf(await run(serve("unknown"))).evalue, /EADDRINUSE/, "as is that of no cell");
  const asked = await run(`await ask(${port})`);
  assert.equal(result(asked), "'third'", JSON.stringify(asked.outputs));
});

test("a cell with a server that is run again has its port again", async () => {
  const free = "const { port } = server.address() as import('node:net').AddressInfo; port";
  await run(
    'import http from "node:http"; import net from "node:net"; import { once } from "node:events";',
  );
  // In connections of their own, which no closed server has a part in.
  await run(
    "const ask = async (port: number) => {\n" +
      "  const [response] = await once(http.get({ port, host: '127.0.0.1', agent: false }), 'response');\n" +
      "  return (await response.toArray()).join('');\n};",
  );
  const first = await run(
    "var server = http.createServer((_, response) => response.end('first')).listen(0, '127.0.0.1');\n" +
      `await once(server, "listening"); ${free}`,
    "a",
  );
  const port = Number(result(first));
  // A connection that is kept open keeps nothing closed.
  await run(
    `const agent = new http.Agent({ keepAlive: true });\n` +
      `await once(http.get({ port: ${port}, agent }), "response")`,
  );
  const serve = (text: string) =>
    `var server = http.createServer((_, response) => response.end('${text}'));\n` +
    `server.listen(${port}, '127.0.0.1'); await once(server, "listening");\n` +
    `await ask(${port})`;
  assert.equal(result(await run(serve("second"), "a")), "'second'");
  assert.equal(result(await run(serve("third"), "a")), "'third'");
  assert.equal(
    errorOf(await run(serve("other"), "b")).ename,
    "Error",
    "another cell's port is taken",
  );
  assert.match(errorOf(await run(serve("unknown"))).evalue, /EADDRINUSE/, "as is that of no cell");
  assert.equal(result(await run(`await ask(${port})`)), "'third'");
});

test("servers of node:net, and those that a timer starts, are a cell's, too", async () => {
  const code = (port: string) =>
    `var plain = net.createServer();\n` +
    `setTimeout(() => plain.listen(${port}, '127.0.0.1'), 1);\n` +
    `await once(plain, "listening"); (plain.address() as net.AddressInfo).port`;
  const port = String(result(await run(code("0"), "c")));
  assert.equal(result(await run(code(port), "c")), port);
});
