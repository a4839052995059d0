// What set-up writes down for later runs: objects, as JSON.
import fs from "node:fs";
import path from "node:path";

/** @param {string} file @returns the object; null where there is none, or nothing that can be read */
export function readRecord(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

/**
 * Writes all of it or nothing.
 *
 * @param {string} file
 * @param {object} record
 * @throws where the folder cannot be written to
 */
export function writeRecord(file, record) {
  const making = `${file}.${process.pid}`;
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(making, `${JSON.stringify(record, null, 2)}\n`);
    fs.renameSync(making, file);
  } finally {
    fs.rmSync(making, { force: true });
  }
}
