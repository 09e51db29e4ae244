// Reads environments as a JSON array, prints what env-ci makes of each as a JSON array.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const entry = join(process.env.DUAT_PEER_NODE_MODULES, "env-ci", "index.js");
const { default: envCi } = await import(pathToFileURL(entry).href);

const environments = JSON.parse(readFileSync(0, "utf-8"));
const answers = environments.map((environment) => {
  // env-ci asks git too, which has to be found and has nothing to say here
  const env = { PATH: process.env.PATH, ...environment };
  const { service, branch, isPr, prBranch, tag, commit } = envCi({ env, cwd: process.cwd() });
  return { service, branch, isPr, prBranch, tag, commit };
});
console.log(JSON.stringify(answers));
