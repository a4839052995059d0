/** The MIME type of an observation in a notebook's outputs. */
export const OBSERVATION_TYPE = "application/vnd.karenina.observation+json";

/** What is seen of an answer, as JSON, so that somebody else may judge it, elsewhere. */
export type Observation =
  | { kind: "not tried" }
  | { kind: "fault"; message: string }
  | { kind: "seen"; observed: unknown; changesArguments: boolean; leaks: number };
