/**
 * Every bound of Sluice, with its unit in the name, by what it bounds. Loops over the outside world name theirs here;
 * nobody imports the parts.
 */
export * from "./limits/answers";
export * from "./limits/connections";
export * from "./limits/database";
export * from "./limits/people";
export * from "./limits/reading";
export * from "./limits/runs";
export * from "./limits/source";
