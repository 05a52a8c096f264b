// The part of the messages of proto/ that a page needs: those that its script uses, all that hangs on them, and of the
// members of a service's Command, Query and Answer those that its sources name. Events are whole, as a source may read what
// many of them have alike; but where a page is to be small (`isSmall`) only the bytes are left of those that are not
// named, so that they are known for such that say nothing here.
import { clone } from "@bufbuild/protobuf";
import { FieldDescriptorProto_Type as Type, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

// As esbuild writes what protoc-gen-es made, where it is not minified: messages and enums as they are used in the script, ...
const USED = /\b(message|enum)Desc\(file_(\w+), ([\d, ]+)\)/g;
// ... and enums of which only the values are.
const IMPORT = /import \{([^}]*)\} from "(?:\.\.?\/)+gen\/(\w+)_pb"/g;
const ENVELOPES = ["Command", "Event", "Query", "Answer"];

/** Every message and enum by its full name (".dispatch.Order"), with the file that it is in. */
function index(descriptors) {
  const types = new Map();
  for (const file of descriptors.file) {
    const add = (scope, messages, enums) => {
      for (const one of enums) types.set(`${scope}.${one.name}`, { file, isEnum: true });
      for (const one of messages) {
        types.set(`${scope}.${one.name}`, { file, message: one, isEnum: false });
        add(`${scope}.${one.name}`, one.nestedType, one.enumType);
      }
    };
    add(`.${file.package}`, file.messageType, file.enumType);
  }
  return types;
}

/** The full name of a message or enum, by its indexes in its file and the messages around it. */
function nameAt(file, kind, indexes) {
  let [scope, holder, messages] = [`.${file.package}`, file, "messageType"];
  for (const [i, at] of indexes.entries()) {
    const isLast = i === indexes.length - 1;
    const next = isLast && kind === "enum" ? holder.enumType[at] : holder[messages][at];
    [scope, holder, messages] = [`${scope}.${next.name}`, next, "nestedType"];
  }
  return scope;
}

/** The full names of what a script uses, and of enums that its sources import. */
function usedNames(descriptors, types, script, texts) {
  const file = (stem) => descriptors.file.find(({ name }) => name === `${stem}.proto`);
  const used = new Set();
  for (const [, kind, stem, indexes] of script.matchAll(USED)) {
    if (file(stem) !== undefined) used.add(nameAt(file(stem), kind, indexes.split(",").map(Number)));
  }
  for (const text of texts) {
    for (const [, names, stem] of text.matchAll(IMPORT)) {
      for (const name of names.split(",").map((one) => one.trim())) {
        const full = `.${file(stem)?.package}.${name.replaceAll("_", ".")}`;
        if (types.get(full)?.isEnum) used.add(full);
      }
    }
  }
  return used;
}

/** Leaves out of the envelope of a service what the sources do not name. */
function thin(message, texts, isSmall) {
  const isNamed = (field) => texts.some((text) => text.includes(`"${field.jsonName}"`));
  const body = message.oneofDecl.findIndex((one) => one.name === "body");
  if (!ENVELOPES.includes(message.name) || body < 0) return;
  for (const field of message.field) {
    if (message.name !== "Event" || !isSmall || isNamed(field)) continue;
    Object.assign(field, { type: Type.BYTES, typeName: "" }); // on the wire the same
  }
  if (message.name !== "Event") message.field = message.field.filter((field) => field.oneofIndex !== body || isNamed(field));
}

/** `script` is the page's, of all messages and not minified; `texts` are its sources. */
export function prune(all, script, texts, isSmall) {
  const descriptors = clone(FileDescriptorSetSchema, all);
  const types = index(descriptors);
  for (const { message } of types.values()) if (message !== undefined) thin(message, texts, isSmall);
  const wanted = usedNames(descriptors, types, script, texts);
  for (const name of wanted) {
    const around = name.slice(0, name.lastIndexOf("."));
    if (types.has(around)) wanted.add(around); // what stands in a message stays in it, with all that it has
    for (const field of types.get(name).message?.field ?? []) if (field.typeName) wanted.add(field.typeName);
  }
  const isWanted = (full) => [...wanted].some((name) => name === full || name.startsWith(`${full}.`));
  const cut = (scope, holder, messages) => {
    holder.enumType = holder.enumType.filter((one) => isWanted(`${scope}.${one.name}`));
    holder[messages] = holder[messages].filter((one) => isWanted(`${scope}.${one.name}`));
    for (const one of holder[messages]) cut(`${scope}.${one.name}`, one, "nestedType");
  };
  for (const file of descriptors.file) {
    file.sourceCodeInfo = undefined;
    cut(`.${file.package}`, file, "messageType");
  }
  descriptors.file = descriptors.file.filter((file) => file.messageType.length + file.enumType.length > 0);
  const left = new Set(descriptors.file.map((file) => file.name));
  for (const file of descriptors.file) file.dependency = file.dependency.filter((name) => left.has(name));
  return descriptors;
}
