import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { curveKeyPair } from "zeromq";

/** The content of a connection file. */
export interface ConnectionInfo {
  transport: "tcp";
  ip: "127.0.0.1";
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
  key: string;
  signature_scheme: "hmac-sha256";
  kernel_name: string;
  /** The kernel's keys for CurveZMQ, in Z85, where the sockets are to be encrypted. */
  curve_publickey?: string;
  curve_secretkey?: string;
}

/** A connection file in a folder that only its owner may enter. */
export interface ConnectionFile {
  info: ConnectionInfo;
  path: string;
  folder: string;
  remove(): void;
}

/**
 * Writes a connection file with five free loopback ports and a fresh key, and with keys for
 * encryption where it is wanted.
 *
 * The ports are chosen below the range that systems hand to outgoing connections, so that none is
 * taken between the choice and the kernel's bind by somebody's passing connection. Another server
 * may still take one: the caller tries again with new ports.
 */
export async function createConnectionFile(
  kernelName: string,
  { encrypted = false } = {},
): Promise<ConnectionFile> {
  const ports = await freePorts(5);
  const info: ConnectionInfo = {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port: ports[0],
    iopub_port: ports[1],
    stdin_port: ports[2],
    control_port: ports[3],
    hb_port: ports[4],
    key: randomBytes(32).toString("hex"),
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
  };
  if (encrypted) {
    const { publicKey, secretKey } = curveKeyPair();
    Object.assign(info, { curve_publickey: publicKey, curve_secretkey: secretKey });
  }
  const folder = mkdtempSync(join(tmpdir(), "kernel-connection-"));
  const path = join(folder, "connection.json");
  writeFileSync(path, JSON.stringify(info, null, 1), { mode: 0o600 });
  return {
    info,
    path,
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === 1000) {
      throw new Error("No free loopback port was found in 1,000 tries between 15000 and 32000.");
    }
    const port = randomInt(15000, 32000);
    if (await isFree(port)) {
      ports.add(port);
    }
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
