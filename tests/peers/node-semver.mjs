// Reads pairs of versions as a JSON array, prints what node-semver makes of each as a JSON array.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.env.DUAT_PEER_NODE_MODULES, "from-here.js"));
const semver = require("semver");

const pairs = JSON.parse(readFileSync(0, "utf-8"));
const answers = pairs.map(([one, other]) => ({
  valid: semver.valid(one) !== null && semver.valid(other) !== null,
  precedence: semver.compare(one, other),
  order: semver.compareBuild(one, other),
  major: semver.inc(one, "major"),
  minor: semver.inc(one, "minor"),
  patch: semver.inc(one, "patch"),
}));
console.log(JSON.stringify(answers));
