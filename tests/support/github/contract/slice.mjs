// Cuts what the double of GitHub needs out of GitHub's description of its API, and of the recorded
// traffic. Both come from npm:
//
//     npm install @octokit/openapi@23 @octokit/fixtures@23
//     node slice.mjs node_modules/@octokit
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const octokit = process.argv[2];
const read = (path) => JSON.parse(readFileSync(join(octokit, path), "utf-8"));
const write = (name, value) =>
  writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(value)}\n`);

const REPOSITORY = "/repos/{owner}/{repo}";
const OPERATIONS = {
  "/rate_limit": ["get"],
  [REPOSITORY]: ["get"],
  [`${REPOSITORY}/commits/{ref}`]: ["get"],
  [`${REPOSITORY}/git/ref/{ref}`]: ["get"],
  [`${REPOSITORY}/git/refs`]: ["post"],
  [`${REPOSITORY}/git/tags/{tag_sha}`]: ["get"],
  [`${REPOSITORY}/immutable-releases`]: ["get"],
  [`${REPOSITORY}/releases`]: ["get", "post"],
  [`${REPOSITORY}/releases/assets/{asset_id}`]: ["get", "patch", "delete"],
  [`${REPOSITORY}/releases/generate-notes`]: ["post"],
  [`${REPOSITORY}/releases/latest`]: ["get"],
  [`${REPOSITORY}/releases/tags/{tag}`]: ["get"],
  [`${REPOSITORY}/releases/{release_id}`]: ["get", "patch", "delete"],
  [`${REPOSITORY}/releases/{release_id}/assets`]: ["get", "post"],
};

// what documents and does not bind
const TALK = new Set(["deprecated", "example", "examples", "externalDocs", "operationId", "servers", "summary", "tags"]);

function bare(value, isNames = false) {
  if (Array.isArray(value)) return value.map((item) => bare(item));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(
    ([name, item]) =>
      isNames ||
      !(TALK.has(name) || name.startsWith("x-") || (["description", "title"].includes(name) && typeof item === "string")),
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, bare(item, !isNames && name === "properties")]));
}

const whole = read("openapi/generated/api.github.com.json");
const slice = { openapi: whole.openapi, info: { version: whole.info.version }, paths: {}, components: {} };

function take(value) {
  for (const match of JSON.stringify(value).matchAll(/"\$ref":"#\/components\/([^/]+)\/([^"]+)"/g)) {
    const [, kind, name] = match;
    slice.components[kind] ??= {};
    if (slice.components[kind][name] === undefined) {
      slice.components[kind][name] = bare(whole.components[kind][name]);
      take(slice.components[kind][name]);
    }
  }
}

for (const [path, methods] of Object.entries(OPERATIONS)) {
  slice.paths[path] = {};
  for (const method of methods) {
    slice.paths[path][method] = bare(whole.paths[path][method]);
    take(slice.paths[path][method]);
  }
}
write("openapi.json", slice);

// of the recorded traffic: what was asked and what came back, without dates and tokens
const FIELDS = new Set(["content-type", "link", "location", "x-ratelimit-limit"]);
const recorded = ["release-assets", "release-assets-conflict"].map((name) => ({
  scenario: name,
  exchanges: read(`fixtures/scenarios/api.github.com/${name}/normalized-fixture.json`).map((exchange) => ({
    origin: exchange.scope.replace(":443", ""),
    method: exchange.method.toUpperCase(),
    target: exchange.path,
    type: exchange.reqheaders["content-type"],
    body: exchange.body,
    status: exchange.status,
    headers: Object.fromEntries(Object.entries(exchange.headers).filter(([field]) => FIELDS.has(field))),
    response: exchange.response,
  })),
}));
write("recorded.json", recorded);
