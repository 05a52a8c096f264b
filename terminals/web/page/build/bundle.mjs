// One page as a script, and what it fetches only when that is opened as scripts beside it; with the words that its own
// sources say, and the messages that they need.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as esbuild from "esbuild";
import { messagesOf } from "./messages.mjs";
import { prune } from "./prune.mjs";
import { generateWords, sentencesOf } from "./words.mjs";

const OPTIONS = {
  bundle: true,
  minify: true,
  target: ["chrome109", "firefox115", "safari16"],
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

// Generated files in the place of those of all pages.
function instead(files) {
  return {
    name: "instead",
    setup: (build) =>
      build.onLoad({ filter: /[\\/]gen[\\/][^\\/]+\.ts$/ }, ({ path }) => {
        const contents = files.get(basename(path));
        return contents === undefined ? undefined : { contents, loader: "ts" };
      }),
  };
}

// tweetnacl is one function, of which no bundler leaves anything out. Nothing here signs, makes SHA-512 or is Node: from each of
// these marks to the next that part is cut out (4 KB of a page). The version is exact; where a mark is missing, stop.
const UNUSED = [
  ["var K = [", "var crypto_secretbox_KEYBYTES"],
  ["  crypto_hash: crypto_hash,", "  crypto_secretbox_KEYBYTES:"],
  ["  gf: gf,", "};\n\n/* High-level API */"],
  ["nacl.sign = function", "nacl.verify = function"],
  ["    // Node.js.", "  }\n})();"], // where random bytes come from there
];

function withoutSignatures(path) {
  return UNUSED.reduce((text, [from, to]) => {
    const [begin, end] = [text.indexOf(`\n${from}`), text.indexOf(`\n${to}`)];
    if (begin < 0 || end < begin) throw new Error(`${path} has no part from “${from}” to “${to}”: is it another version?`);
    return text.slice(0, begin) + text.slice(end);
  }, readFileSync(path, "utf8"));
}

const lessOfNacl = {
  name: "less-of-nacl",
  setup: (build) => build.onLoad({ filter: /[\\/]nacl-fast\.js$/ }, ({ path }) => ({ contents: withoutSignatures(path), loader: "js" })),
};

// The runtime of protobuf has a description of the language of .proto, of which a page needs what describes messages
// and enums: of what describes options, services and sources the names are left (their places in it are counted).
const NOT_DESCRIBED = /^(ExtensionRangeOptions|(Service|Method)DescriptorProto|(File|Field|Oneof|Enum|EnumValue|Service|Method)Options|UninterpretedOption|FeatureSetDefaults|SourceCodeInfo|GeneratedCodeInfo)$/;

function withoutOptions(path) {
  const text = readFileSync(path, "utf8");
  const [begin, end] = [text.indexOf("boot({") + "boot(".length, text.indexOf("});", text.indexOf("boot({")) + 1];
  const described = JSON.parse(text.slice(begin, end));
  for (const type of described.messageType) {
    for (const field of type.name === "FeatureSet" ? type.field : []) delete field.options; // for those who write editions
    if (!NOT_DESCRIBED.test(type.name)) continue;
    delete type.field;
    delete type.extensionRange;
  }
  return text.slice(0, begin) + JSON.stringify(described) + text.slice(end);
}

const lessOfProtobuf = {
  name: "less-of-protobuf",
  setup: (build) => build.onLoad({ filter: /[\\/]esm[\\/].*[\\/]descriptor_pb\.js$/ }, ({ path }) => ({ contents: withoutOptions(path), loader: "js" })),
};

// A source imports also what it does not use for this page: that is there, and empty.
function messagesFor(folder, descriptors, script, texts, isSmall) {
  const files = messagesOf(prune(descriptors, script, texts, isSmall), folder);
  for (const name of readdirSync(join(folder, "gen")).filter((one) => one.endsWith("_pb.ts"))) {
    const content = files.get(name) ?? "";
    const exported = (text) => [...text.matchAll(/^export (?:const|enum) (\w+)/gm)].map(([, one]) => one);
    const there = new Set(exported(content));
    const missing = exported(readFileSync(join(folder, "gen", name), "utf8")).filter((one) => !there.has(one));
    files.set(name, content + missing.map((one) => `export const ${one} = undefined;\n`).join(""));
  }
  return files;
}

/** The outputs that a script imports at once, with what those import. */
function atOnce(outputs, name, seen = new Set()) {
  seen.add(name);
  for (const { path, kind } of outputs[name].imports) {
    if (kind === "import-statement" && !seen.has(path)) atOnce(outputs, path, seen);
  }
  return seen;
}

function entryOf(outputs, name) {
  const [entry] = Object.entries(outputs).find(([path, { entryPoint }]) => path.endsWith(".js") && entryPoint === `${name}/main.tsx`);
  return entry;
}

/**
 * What a page is as it opens, and what it fetches later: each with the texts of its own sources, as far as anything of
 * them is in it, and its script, not minified.
 */
async function lookAt(folder, name, options) {
  const { metafile, outputFiles } = await esbuild.build({ ...options, minify: false, write: false, metafile: true });
  const { outputs } = metafile;
  const first = atOnce(outputs, entryOf(outputs, name));
  const scripts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]));
  const part = (isFirst) => {
    const paths = Object.keys(outputs).filter((path) => path.endsWith(".js") && first.has(path) === isFirst);
    const used = paths.flatMap((path) => Object.entries(outputs[path].inputs)).filter(([path, { bytesInOutput }]) => bytesInOutput > 0 && /\.tsx?$/.test(path) && !path.startsWith("gen/"));
    return { texts: used.map(([path]) => readFileSync(join(folder, path), "utf8")), script: paths.map((path) => scripts.get(basename(path))).join("\n") };
  };
  return { now: part(true), later: part(false) };
}

// What makes connections is imported a little later, and needed by every page: where its size does not matter it is fetched with the rest.
const CONNECTION = /^(link\/connection\.ts|node_modules\/tweetnacl\/.*)$/;

/**
 * The page's script, its style, and what they ask for: each named by what is in it, so that a browser need never ask for it
 * again, and keeps it compiled. Gives, for its HTML, `script`, `style` and `beside`, the scripts that are to come with it.
 */
export async function bundlePage(folder, outDir, name, descriptors, catalog, isSmall) {
  const options = { ...OPTIONS, absWorkingDir: folder, entryPoints: { [name]: `${name}/main.tsx` }, outdir: outDir, format: "esm", splitting: true, entryNames: "[name]-[hash]", chunkNames: `${name}-[hash]` };
  const { now, later } = await lookAt(folder, name, options);
  const files = messagesFor(folder, descriptors, `${now.script}\n${later.script}`, [...now.texts, ...later.texts], isSmall);
  files.set("words.ts", generateWords(descriptors, catalog, now, later));
  files.set("later.ts", sentencesOf(catalog, later, now));
  const { metafile } = await esbuild.build({ ...options, plugins: [instead(files), lessOfNacl, lessOfProtobuf], metafile: true });
  const { outputs } = metafile;
  const entry = entryOf(outputs, name);
  const connection = isSmall ? [] : Object.keys(outputs).filter((path) => CONNECTION.test(outputs[path].entryPoint ?? ""));
  const together = new Set([entry, ...connection].flatMap((path) => [...atOnce(outputs, path)]));
  together.delete(entry);
  return { script: basename(entry), style: basename(outputs[entry].cssBundle), beside: [...together].map((path) => basename(path)) };
}

/** The service worker of the lead's card, for these files of this version. */
export async function bundleWorker(folder, outDir, version, files) {
  const define = { VERSION: JSON.stringify(version), FILES: JSON.stringify(files) };
  await esbuild.build({ ...OPTIONS, absWorkingDir: folder, entryPoints: { sw: "sw.ts" }, outdir: outDir, format: "iife", define });
}
