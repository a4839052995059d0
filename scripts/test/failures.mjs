// What failed, read from the results of Node's `tap` reporter.

/**
 * One line for each test that failed by itself: its place, its names from outside to inside and the
 * first lines of its error. A suite that failed because of its subtests is left out.
 *
 * @param {string} tap what the reporter wrote
 * @param {string} root its places are shown relative to this folder
 * @returns {string[]}
 */
export function failuresOf(tap, root) {
  const failures = [];
  /** The names of the tests that are open, by depth. */
  const names = [];
  const lines = tap.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const opened = /^( *)# Subtest: (.*)$/.exec(lines[i]);
    if (opened) {
      names.length = opened[1].length / 4;
      names.push(unescaped(opened[2]));
    }
    const failed = /^( *)not ok \d+ - (.*?)(?<!\\)(?: # (TODO|SKIP).*)?$/.exec(lines[i]);
    if (!failed || failed[3]) {
      continue;
    }
    const { location, failureType, error } = detailsAt(lines, i + 1);
    if (failureType === "subtestsFailed") {
      continue;
    }
    names.length = Math.min(names.length, failed[1].length / 4);
    const place = location.replace(`${root}/`, "");
    const whole = [...names, unescaped(failed[2])].join(" > ");
    failures.push(`${place}  ${whole}\n${error.map((line) => `    ${line}`).join("\n")}`);
  }
  return failures;
}

/** How many lines of an error are repeated: enough for a short difference, not for a whole page. */
const ERROR_LINES = 12;

/** The block below a result: `---`, keys with one or more lines each, `...`. */
function detailsAt(lines, start) {
  const details = { location: "", failureType: "", error: [] };
  if (lines[start]?.trim() !== "---") {
    return details;
  }
  const indent = lines[start].indexOf("---");
  for (let i = start + 1; i < lines.length && lines[i].trim() !== "..."; i++) {
    const [, key, value] =
      /^(location|failureType|error): (.*)$/.exec(lines[i].slice(indent)) ?? [];
    if (key === "error" && /^[|>]/.test(value)) {
      for (let j = i + 1; lines[j]?.startsWith(" ".repeat(indent + 2)); j++) {
        details.error.push(lines[j].slice(indent + 2));
      }
      details.error.splice(ERROR_LINES);
    } else if (key === "error") {
      details.error = [unquoted(value)];
    } else if (key) {
      details[key] = unquoted(value);
    }
  }
  return details;
}

/** As `util.inspect` wrote it, which takes the quotes that the text itself does not have. */
const unquoted = (text) => text.replace(/^(['"`])(.*)\1$/, "$2");

const unescaped = (name) => name.replace(/\\(.)/g, "$1");
